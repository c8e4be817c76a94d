"""Asking the index, and comparing what it leads to with the text itself. 索引匹配."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, String, and_, case, cast, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql import column, literal_column, table

from ...core.db import db
from ..models import ENTRIES, INDEX
from ..sources.organisations import KIND as ORGANISATION
from ..tokens import EVERYBODY, Wish, naming, of_kind, seen_by

EXACT, IN_HEAD, ANYWHERE = 0, 1, 2
index = table(INDEX, column("rowid"), column("tokens"))


def is_sqlite() -> bool:
    """Which of the two languages the database speaks."""
    return db.engine.dialect.name == "sqlite"


def matches(clauses: Sequence[Collection[tuple[str, bool]]]) -> ColumnElement[bool]:
    """Rows of the index that fit every clause: one of its tokens, or one that begins so where it says True.

    Tokens are letters, digits and our own marks, and stand in quotes: nothing that is typed becomes an operator.
    """
    if is_sqlite():
        asked = " AND ".join(f"({' OR '.join(_sqlite(*one) for one in clause)})" for clause in clauses)
        return literal_column(INDEX).op("MATCH", is_comparison=True)(asked)
    asked = " & ".join(f"({' | '.join(_postgresql(*one) for one in clause)})" for clause in clauses)
    return index.c.tokens.op("@@", is_comparison=True)(cast(literal(asked, String), TSQUERY))


def _sqlite(token: str, begins: bool) -> str:
    return f'"{token}"{" *" if begins else ""}'


def _postgresql(token: str, begins: bool) -> str:
    return f"'{token}'{':*' if begins else ''}"


def in_scope(wish: Wish, organisation_id: int, kinds: Collection[str]) -> ColumnElement[bool]:
    """What the index knows of a wish, inside of what the organisation sees and of these kinds; none means all."""
    scope = [(seen_by(organisation_id), False), (seen_by(EVERYBODY), False)]
    of_kinds = [[(of_kind(kind), False) for kind in kinds]] if kinds else []
    return matches([scope, *of_kinds, *([gram] for gram in wish.grams.items())])


def contains(wish: Wish) -> ColumnElement[bool]:
    """Every word stands in the entry: what the index only narrows to."""
    return and_(true(), *(_somewhere(word) for word in wish.words))


def _somewhere(word: str) -> ColumnElement[bool]:
    return or_(_place(ENTRIES.c.head, word) > 0, _place(ENTRIES.c.body, word) > 0)


def rank(wish: Wish) -> ColumnElement[int]:
    """Whose title or number is just that comes first, then whose title or number has it, then the rest."""
    line = _place(ENTRIES.c.head, f"\n{wish.phrase}\n") > 0
    head = and_(true(), *(_place(ENTRIES.c.head, word) > 0 for word in wish.words))
    return case((line, literal(EXACT)), (head, literal(IN_HEAD)), else_=literal(ANYWHERE))


def _place(within: Any, what: str) -> ColumnElement[int]:
    """Where it begins, counted from 1; 0 where it is not."""
    return (func.instr if is_sqlite() else func.strpos)(within, what, type_=Integer)


def entries(*columns: Any) -> Select[Any]:
    """Entries by way of the index."""
    return select(*columns).join_from(ENTRIES, index, index.c.rowid == ENTRIES.c.id)


def dependents(organisation_id: int, after: int, limit: int) -> Sequence[Row[Any]]:
    """Records that name an organisation, by their entries' numbers from `after` on."""
    statement = entries(ENTRIES.c.id, ENTRIES.c.kind, ENTRIES.c.record_id).where(
        matches([[(naming(organisation_id), False)]]),
        ENTRIES.c.id > after,
        ENTRIES.c.kind != ORGANISATION,
    )
    return db.session.execute(statement.order_by(ENTRIES.c.id).limit(limit)).all()
