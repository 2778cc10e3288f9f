"""Database, transactions, migrations and encryption."""
