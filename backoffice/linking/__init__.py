"""Pages and endpoints through which people tie records together."""
