"""PostgreSQL: the server, transactions under row-level security, statements and records."""
