"""Numbers of documents: series without gaps, and fast ones that may have some."""
