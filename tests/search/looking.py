"""Looking for something as somebody, and comparing the index with the records."""

from sqlalchemy import text

from registry.accounts.models import User
from registry.core.access.scope import set_viewer
from registry.core.db import db
from registry.search.models import SearchEntry
from registry.search.queries.finding import Group, find
from registry.search.services.keeping import tokens
from registry.search.services.rebuilding import differences
from registry.search.tokens import wish_of

MOST = 50
VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab('main', 'search_index', 'instance')"


def groups(actor: User, typed: str, most: int = MOST, kind: str = "", offset: int = 0) -> list[Group]:
    """What is found behind the wall of a request."""
    set_viewer(actor.organisation_id)
    try:
        return find(actor, wish_of(typed), most, kind, offset)
    finally:
        set_viewer(None)


def titles(actor: User, typed: str, kind: str = "") -> list[str]:
    """Titles of what is found, by kind in the order shown."""
    return [row.title_zh for group in groups(actor, typed, kind=kind) for row in group.rows]


def assert_in_step() -> None:
    """Entries say what the records say, and the index holds exactly their tokens."""
    db.session.rollback()
    assert list(differences()) == []
    wanted = {(row["id"], token) for row in entries() for token in tokens(row).split()}
    assert held() == wanted


def entries() -> list[dict[str, object]]:
    rows = db.session.execute(db.select(*SearchEntry.__table__.columns)).mappings()
    return [dict(row) for row in rows]


def held() -> set[tuple[int, str]]:
    """Every token that the index holds, with the entry's number."""
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text(VOCABULARY))
        statement = "SELECT doc, term FROM temp.vocabulary"
    else:
        statement = "SELECT rowid, unnest(tsvector_to_array(tokens)) FROM search_index"
    return {(number, token) for number, token in db.session.execute(text(statement))}
