"""Other systems: webhooks with their deliveries, the feed of changes."""
