"""How a version of a schema is checked, approved, published and taken out of service."""
