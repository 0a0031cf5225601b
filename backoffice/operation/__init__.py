"""Pages for who keeps the system running: schedules, queues, workers."""
