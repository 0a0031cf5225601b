"""What a person meets first: the work of the day, the set-up of a new company, guided tasks."""
