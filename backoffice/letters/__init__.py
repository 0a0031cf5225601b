"""Letters: templates that people edit, and what was issued from them, numbered, printed and kept."""
