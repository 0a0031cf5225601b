"""Typed links between any two records: what letters are about, what replaces what."""
