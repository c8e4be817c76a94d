"""Alembic's entry: runs migrations on the application's engine, both databases alike."""

from alembic import context
from sqlalchemy import Connection

from registry.core.db import Model, db, transaction_for_migration


def run(connection: Connection) -> None:
    """Run what is asked for in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="types.",
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with transaction_for_migration(), db.engine.connect() as own:
        run(own)
        own.commit()
