"""Backups of everything, and restoring them into an empty server with proofs that nothing is missing."""
