"""Alembic's entry: runs migrations on the application's engine, both databases alike."""

from alembic import context
from sqlalchemy import Connection, text

from registry.core.db import Model, db, transaction_for_migration

LOCK = 7_302_021_103  # any number that no other program takes; one migration at a time
POSTGRESQL_PATIENCE = ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = 0")


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
        if connection.dialect.name == "postgresql":
            _wait_for_others(connection)
        context.run_migrations()


def _wait_for_others(connection: Connection) -> None:
    """SQLite's transaction begins IMMEDIATE, so only PostgreSQL needs telling; a large table may take its time."""
    for statement in POSTGRESQL_PATIENCE:
        connection.execute(text(statement))
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with transaction_for_migration(), db.engine.connect() as own:
        run(own)
        own.commit()
