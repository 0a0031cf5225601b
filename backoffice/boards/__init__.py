"""Lists that are no tables: cards in columns by state, and calendars."""
