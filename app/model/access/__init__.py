"""Who may see and do what: clients, agreements, consents, and the decision made of them."""
