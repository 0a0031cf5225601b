"""Pages of the law: tables of figures, what is missing, duties and when they fall due."""
