"""Runs migrations on the connection that `search.catalog.schema.migrate` hands over."""

from alembic import context

from search.catalog.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
