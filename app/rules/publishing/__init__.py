"""The rules by which a version of a schema is judged before it is published."""
