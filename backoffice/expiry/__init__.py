"""What ends on a day: declared once, shown on one radar, told of in time."""
