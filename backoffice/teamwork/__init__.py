"""Pages and API of what people do around records: comments, mentions, watching."""
