"""What people do around a record: talk, watch, be there, keep drafts, remember."""
