"""What people do with a whole list: choose its columns, act on many rows, group them, edit in place."""
