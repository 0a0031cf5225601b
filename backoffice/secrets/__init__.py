"""Secrets at rest: sealed with keys that the database does not hold; certificates of the company."""
