"""Pages of notifications: bell, inbox, preferences, and the board of mails."""
