"""Runs migrations on the connection that `search.catalog.schema.migrate` hands over."""

from alembic import context
from sqlalchemy import text

from search.catalog.models import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

# Text as in SQLite: of any length, and in the order of its bytes, whatever the locale of the database.
OTHER_TEXT = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND data_type = 'character varying' AND table_name != 'alembic_version'
"""
if connection.dialect.name == "postgresql":
    for table, column in connection.execute(text(OTHER_TEXT)).all():
        connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE text COLLATE "C"'))
