"""Ledgers against the database, and brokers' statements against ledgers."""
