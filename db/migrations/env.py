"""Runs the revisions over the connection it is given; there is no other way to start it."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="alembic_version", version_table_schema="migrations", transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
