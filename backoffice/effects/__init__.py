"""What leaves the house: the one HTTP gateway."""
