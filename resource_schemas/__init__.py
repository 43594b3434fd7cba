"""The published schemas and their examples: data, packaged so that an installed hub has them."""
