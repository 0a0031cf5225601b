"""One database, three roles: who may do what is decided here and held by PostgreSQL."""
