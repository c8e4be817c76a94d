"""INSERT … ON CONFLICT, which both databases know and SQLAlchemy spells for each. 冲突时更新."""

from typing import cast

from sqlalchemy.dialects import postgresql, sqlite

from .db import Base, db


def insert_or(entity: type[Base]) -> postgresql.Insert:
    """An INSERT into an entity's table that may end in `on_conflict_do_nothing` or `on_conflict_do_update`.

    The database settles who was first. On SQLite it is that dialect's own, whose methods are the same.
    """
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return cast("postgresql.Insert", dialect.insert(entity))
