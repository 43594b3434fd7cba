"""Regular expressions: whether one says all that another says, and texts of their form."""
