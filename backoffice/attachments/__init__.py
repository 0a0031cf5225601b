"""Documents of records: their list, pages, previews, and the doors through which files come and go."""
