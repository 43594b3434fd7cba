"""The published schemas and their examples: data, in a package so that an installed hub has them."""
