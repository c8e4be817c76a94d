"""Writing the index of tokens, on either database. 写索引."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from ...core.db import db

Rows = Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Dialect:
    """How a database takes rows out and puts them in; `:tokens` are separated by blanks."""

    out: str
    put: str
    clear: str


SQLITE = Dialect(
    "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', :id, :tokens)",
    "INSERT INTO search_index(rowid, tokens) VALUES (:id, :tokens)",
    "INSERT INTO search_index(search_index) VALUES ('delete-all')",
)
POSTGRESQL = Dialect(
    "DELETE FROM search_index WHERE rowid = :id",
    "INSERT INTO search_index(rowid, tokens) VALUES (:id, array_to_tsvector(string_to_array(:tokens, ' ')))",
    "DELETE FROM search_index",
)
HELD_SQLITE = "SELECT 1 FROM search_index WHERE search_index MATCH :tokens AND rowid = :id"
HELD_POSTGRESQL = (
    "SELECT 1 FROM search_index WHERE rowid = :id AND tokens = array_to_tsvector(string_to_array(:tokens, ' '))"
)


def rewrite(out: Rows, put: Rows) -> None:
    """Take rows out by their number and the tokens that they were put in with, then put rows in."""
    dialect = _dialect()
    _run(dialect.out, out)
    _run(dialect.put, put)


def clear() -> None:
    """Take everything out."""
    db.session.execute(text(_dialect().clear))


def is_whole(number: int, tokens: str) -> bool:
    """Whether the index holds these tokens for this number. SQLite cannot say what else it holds."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    asked = {"id": number, "tokens": _all(tokens) if is_sqlite else tokens}
    return bool(db.session.scalar(text(HELD_SQLITE if is_sqlite else HELD_POSTGRESQL), asked))


def _all(tokens: str) -> str:
    return " AND ".join(f'"{one}"' for one in tokens.split())


def _run(statement: str, rows: Rows) -> None:
    if rows:
        db.session.execute(text(statement), [{"id": number, "tokens": tokens} for number, tokens in rows])


def _dialect() -> Dialect:
    return SQLITE if db.engine.dialect.name == "sqlite" else POSTGRESQL
