"""Events on their way out: read in order, consumed once, delivered to webhooks with a trace."""
