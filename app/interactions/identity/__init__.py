"""Who a client is: registrations, what proves them, and the tokens they get."""
