"""Is everything the product stands on alive and in order: for a person, a monitor, a container."""
