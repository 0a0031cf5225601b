"""What is kept about people: which field, why, on what basis, and for how long."""
