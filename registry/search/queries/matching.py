"""Asking the index, and comparing what it leads to with the text itself. 索引匹配."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tablesample,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql import column, literal_column, table

from ...core.db import db
from ..models import ENTRIES, INDEX
from ..sources.organisations import KIND as ORGANISATION
from ..tokens import BEGINNING, EVERYBODY, Wish, beginning, naming, of_kind, seen_by

EXACT, IN_HEAD, ANYWHERE = 0, 1, 2
SAMPLE, LARGE = 400, 20_000  # entries
FEWEST, MANY = 8, 20_000  # hits in a sample that are no accident; hits in all that nobody counts
index = table(INDEX, column("rowid"), column("tokens"))


def is_sqlite() -> bool:
    """Which of the two languages the database speaks."""
    return db.engine.dialect.name == "sqlite"


def asking(clauses: Sequence[Collection[tuple[str, bool]]]) -> str:
    """A question to the index: every clause fits by one of its tokens, or by one that begins so where it says True.

    Tokens are letters, digits and our own marks, and stand in quotes: nothing that is typed becomes an operator.
    """
    if is_sqlite():
        return " AND ".join(f"({' OR '.join(_sqlite(*one) for one in clause)})" for clause in clauses)
    return " & ".join(f"({' | '.join(_postgresql(*one) for one in clause)})" for clause in clauses)


def fits(asked: Any, within: FromClause = index) -> ColumnElement[bool]:
    """Rows of the index, or of some of it, that fit the question."""
    if is_sqlite():
        return literal_column(INDEX).op("MATCH", is_comparison=True)(asked)
    return within.c.tokens.op("@@", is_comparison=True)(cast(asked, TSQUERY))


def _sqlite(token: str, begins: bool) -> str:
    return f'"{token}"{" *" if begins else ""}'


def _postgresql(token: str, begins: bool) -> str:
    if begins and token.isascii() and len(token) <= BEGINNING:
        return f"'{beginning(token)}'{'' if len(token) == BEGINNING else ':*'}"
    return f"'{token}'{':*' if begins else ''}"


def in_scope(wish: Wish, organisation_id: int, kinds: Collection[str]) -> str:
    """The question for a wish, inside of what the organisation sees and of these kinds; none means all."""
    scope = [(seen_by(organisation_id), False), (seen_by(EVERYBODY), False)]
    of_kinds = [[(of_kind(kind), False) for kind in kinds]] if kinds else []
    return asking([scope, *of_kinds, *([gram] for gram in wish.grams.items())])


def contains(words: Sequence[Any]) -> ColumnElement[bool]:
    """Every word stands in the entry: what the index only narrows to."""
    return and_(true(), *(_somewhere(word) for word in words))


def _somewhere(word: Any) -> ColumnElement[bool]:
    return or_(_place(ENTRIES.c.head, word) > 0, _place(ENTRIES.c.body, word) > 0)


def line_of(wish: Wish) -> str:
    """How the words stand in `head` where a title or a number is just that."""
    return f"\n{wish.phrase}\n"


def rank(line: Any, words: Sequence[Any]) -> ColumnElement[int]:
    """Whose title or number is just that comes first, then whose title or number has it, then the rest."""
    exact = _place(ENTRIES.c.head, line) > 0
    head = and_(true(), *(_place(ENTRIES.c.head, word) > 0 for word in words))
    return case((exact, literal_column(str(EXACT))), (head, literal_column(str(IN_HEAD))), else_=ANYWHERE)


def _place(within: Any, what: Any) -> ColumnElement[int]:
    """Where it begins, counted from 1; 0 where it is not."""
    return (func.instr if is_sqlite() else func.strpos)(within, what, type_=Integer)


def very_common(wish: Wish, organisation_id: int) -> Select[Any]:
    """Kinds of which the organisation sees so many hits that counting them would read a good part of the index.

    Told from SAMPLE entries, on pages of the table picked at random; none of a table that is small. PostgreSQL only:
    SQLite's index hands over one hit after the other and stops when told to. `reltuples` is what ANALYZE last counted.
    What was entered together lies together, so hits of one page alone tell nothing of the rest.
    """
    counted: Select[Any] = select(literal_column("reltuples")).select_from(text("pg_class"))
    size = counted.where(text(f"oid = '{INDEX}'::regclass")).scalar_subquery()
    some = tablesample(index, func.system(case((size < LARGE, 0), else_=100.0 * SAMPLE / size)), name="sampled")
    # Looked up one by one: joined, PostgreSQL would read all entries for a sample whose size it does not know.
    kind = select(ENTRIES.c.kind).where(ENTRIES.c.id == some.c.rowid, contains(wish.words)).scalar_subquery()
    page: Any = literal_column("(sampled.ctid::text::point)[0]").label("page")
    asked = fits(literal(in_scope(wish, organisation_id, ()), String), some)
    found = select(kind.label("kind"), page).select_from(some).where(asked).subquery()
    hits, pages = func.count(), func.count(found.c.page.distinct())
    return (
        select(found.c.kind)
        .where(found.c.kind.is_not(None))
        .group_by(found.c.kind)
        .having(hits >= FEWEST, pages > 1, hits * size >= SAMPLE * MANY)
    )


def entries(*columns: Any) -> Select[Any]:
    """Entries by way of the index."""
    return select(*columns).join_from(ENTRIES, index, index.c.rowid == ENTRIES.c.id)


def dependents(organisation_id: int, after: int, limit: int) -> Sequence[Row[Any]]:
    """Records that name an organisation, by their entries' numbers from `after` on."""
    statement = entries(ENTRIES.c.id, ENTRIES.c.kind, ENTRIES.c.record_id).where(
        fits(literal(asking([[(naming(organisation_id), False)]]), String)),
        ENTRIES.c.id > after,
        ENTRIES.c.kind != ORGANISATION,
    )
    return db.session.execute(statement.order_by(ENTRIES.c.id).limit(limit)).all()
