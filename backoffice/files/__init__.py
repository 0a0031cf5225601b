"""Attachments and originals: looked into before they are kept, addressed by random keys and hashes."""
