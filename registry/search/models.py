"""What can be found, and the index of its tokens, which each database keeps in its own way. 检索条目与索引.

`search_index` has one row for each entry, by its number. On SQLite it is a contentless FTS5 table: it cannot say what
it holds, and a row is taken out by handing in its old tokens, so `SearchEntry.tokens` is all that they are made of and
never changes without the index. On PostgreSQL it is a table with a `tsvector` under GIN.
"""

from datetime import date
from typing import Any

from sqlalchemy import DDL, ColumnElement, Index, String, Table, Text, UniqueConstraint, event, or_
from sqlalchemy.orm import Mapped, mapped_column

from ..core.access.scope import scoped
from ..core.db import Model
from .tokens import EVERYBODY, naming, of_kind, seen_by, tokens_of

INDEX = "search_index"
SQLITE = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, content='', detail=none, prefix='1 2', tokenize='ascii')",
    f"DROP TABLE IF EXISTS {INDEX}",
)
POSTGRESQL = (
    f"CREATE TABLE {INDEX} (rowid BIGINT CONSTRAINT pk_{INDEX} PRIMARY KEY, tokens TSVECTOR NOT NULL)",
    f"CREATE INDEX ix_{INDEX}_tokens ON {INDEX} USING gin (tokens)",
    f"DROP TABLE IF EXISTS {INDEX}",
)


def is_index(table: str) -> bool:
    """Whether a table is the index, or one in which SQLite keeps it: no model knows them."""
    return table.startswith(INDEX)


class SearchEntry(Model):
    """A record as it is found.

    `head` is what it is called and numbered, `body` who takes part, by all their names, pinyin and initials; both
    folded, a line for each. `facets` are ` o12 o30 p12 `: organisations that see it, and that it names.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "record_id"),
        Index("ix_search_entry_sort", "kind", "sort_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    record_id: Mapped[int]
    public_id: Mapped[str] = mapped_column(String(26))
    sort_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(40))
    title_zh: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str] = mapped_column(String(400))
    number: Mapped[str] = mapped_column(String(200))
    parties_zh: Mapped[str] = mapped_column(Text)
    parties_en: Mapped[str] = mapped_column(Text)
    is_demo: Mapped[bool]
    head: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    facets: Mapped[str] = mapped_column(Text)


def entry_tokens(kind: str, head: str, body: str, facets: str) -> str:
    """What the index holds of an entry: tokens of its texts and its facets, in one order."""
    marks = {"o": seen_by, "p": naming}
    found = tokens_of(f"{head}\n{body}") | {marks[one[0]](int(one[1:])) for one in facets.split()}
    return " ".join(sorted(found | {of_kind(kind)}))


def visible(organisation_id: int) -> ColumnElement[bool]:
    """The second wall, by the entry itself: whatever the index said."""
    return visible_with(facet(organisation_id))


def facet(organisation_id: int) -> str:
    """How `facets` say that an organisation sees the entry."""
    return f" o{organisation_id} "


def visible_with(own: Any) -> ColumnElement[bool]:
    """The same for a statement that is made once for all readers: `own` is the reader's facet."""
    return _visible(ENTRIES.c.facets, own)


def _visible(facets: Any, own: Any) -> ColumnElement[bool]:
    return or_(facets.contains(own), facets.contains(facet(EVERYBODY)))


ENTRIES: Table = SearchEntry.__table__  # type: ignore[assignment]  # a mapped class has a table
"""For questions without entities: they say `visible` themselves."""

scoped(SearchEntry, lambda organisation_id: _visible(SearchEntry.facets, facet(organisation_id)))

for dialect, (*made, dropped) in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for when, statements in (("after_create", made), ("before_drop", [dropped])):
        for statement in statements:
            rule = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy's own lacks types
            event.listen(SearchEntry.__table__, when, rule.execute_if(dialect=dialect))
