"""Pages of the company's certificates."""
