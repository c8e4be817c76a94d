"""The register of numbers: a year's numbers in sequence, void ones too, and why any are missing. 编号登记簿。"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import db
from ...organisations.models import Organisation
from ..models import COMMON, Agreement, AgreementVisibility, GapReason, NumberCounter, NumberSkip, SkipReason
from .numbers import rule_of_year


@dataclass(frozen=True)
class Gap:
    """Missing numbers, both ends included."""

    first: int
    last: int
    reason: GapReason


@dataclass(frozen=True)
class Book:
    """What a page of the register is of: a year, and the word unless all are counted in common."""

    issuer: Organisation
    year: int
    prefix: str = ""

    @property
    def series(self) -> str:
        """The series that is counted here."""
        return self.prefix or COMMON


def prefixes_of_year(issuer_id: int, year: int) -> Sequence[str]:
    """The words that have a list of their own in a year; none where all are counted in common."""
    if rule_of_year(issuer_id, year):
        return ()
    words = select(Agreement.number_prefix).where(Agreement.issuer_id == issuer_id, Agreement.number_year == year)
    with without_scope():
        found = db.session.scalars(words.distinct().order_by(Agreement.number_prefix)).all()
    return [word for word in found if word]


def count_numbers(book: Book, limit: int) -> int:
    """How many numbers there are, counted up to `limit` + 1."""
    found = _of(book, select(Agreement.id)).limit(limit + 1).subquery()
    with without_scope():
        return db.session.scalar(select(func.count()).select_from(found)) or 0


def page_of_numbers(book: Book, actor: Actor, offset: int, limit: int) -> list[Row[Any] | Gap]:
    """One page of numbers with the gaps before each, and after the last one of all.

    Number and status are told to whoever may ask about the organisation; `title_zh` and `seen` (an address) only
    where the reader's organisation sees the agreement itself.
    """
    before = 1 if offset else 0
    statement = _of(book, _columns(actor)).order_by(Agreement.number_sequence, Agreement.id)
    with without_scope():
        rows = list(db.session.execute(statement.offset(offset - before).limit(limit + before + 1)))
    previous = rows.pop(0).number_sequence if before and rows else 0
    is_last = len(rows) <= limit
    return list(_with_gaps(book, previous, rows[:limit], is_last=is_last))


def _columns(actor: Actor) -> Select[Any]:
    seen = and_(
        AgreementVisibility.agreement_id == Agreement.id, AgreementVisibility.organisation_id == actor.organisation_id
    )
    columns: tuple[Any, ...] = (
        Agreement.public_id,
        Agreement.number,
        Agreement.number_sequence,
        Agreement.number_series,
        Agreement.title_zh,
        Agreement.title_en,
        Agreement.kind,
        Agreement.status,
        Agreement.outcome,
        Agreement.void_reason,
        AgreementVisibility.organisation_id.is_not(None).label("seen"),
    )
    return select(*columns).outerjoin(AgreementVisibility, seen)


def _of(book: Book, statement: Select[Any]) -> Select[Any]:
    own = statement.where(Agreement.issuer_id == book.issuer.id, Agreement.number_year == book.year)
    return own.where(Agreement.number_prefix == book.prefix) if book.prefix else own


def _with_gaps(book: Book, previous: int, rows: Sequence[Row[Any]], *, is_last: bool) -> Iterator[Row[Any] | Gap]:
    counter = db.session.scalar(
        select(NumberCounter.last).where(
            NumberCounter.issuer_id == book.issuer.id,
            NumberCounter.year == book.year,
            NumberCounter.series == book.series,
        )
    )
    skips = _skips(book)
    for row in rows:
        yield from explain(previous + 1, row.number_sequence - 1, skips, is_counted=counter is not None)
        yield row
        previous = max(previous, row.number_sequence)
    if is_last:
        yield from explain(previous + 1, counter or 0, skips, is_counted=True)


def _skips(book: Book) -> Sequence[NumberSkip]:
    found = select(NumberSkip).where(
        NumberSkip.issuer_id == book.issuer.id, NumberSkip.year == book.year, NumberSkip.series == book.series
    )
    return db.session.scalars(found.order_by(NumberSkip.first)).all()


def explain(first: int, last: int, skips: Sequence[NumberSkip], *, is_counted: bool) -> Iterator[Gap]:
    """Missing numbers from first to last, cut where the reason changes; nothing for an empty range."""
    # a series that was not counted here in that year stands on papers, of which only some were entered
    otherwise = GapReason.UNKNOWN if is_counted else GapReason.ON_PAPER
    for skip in skips:
        if skip.last < first or skip.first > last:
            continue
        if skip.first > first:
            yield Gap(first, skip.first - 1, otherwise)
        yield Gap(max(first, skip.first), min(last, skip.last), REASONS[skip.reason])
        first = skip.last + 1
    if first <= last:
        yield Gap(first, last, otherwise)


REASONS = {
    SkipReason.STARTED_HIGHER: GapReason.STARTED_HIGHER,
    SkipReason.TAKEN_OVER: GapReason.TAKEN_OVER,
}
