"""What goes out of lists and comes into them: exports, imports, saved views."""
