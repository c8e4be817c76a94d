"""The shape of a source: what the records of one kind add to stored amounts, and for whose eyes."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from ...accounts.models import User
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.figures.kinds import Number

BATCH = 500


@dataclass(frozen=True)
class Fact:
    """What one record adds to one stored amount.

    `metric` names the amount ("agreements.in_force", at most 40 characters); it is not a `MetricCode`: several metrics
    may be made of one amount. `month` is YYYYMM of a flow, YYYYMMDD where the day counts (see `cut.day_key`), 0 for a
    stock of the present. `part` divides it. `number` is how many figures the sum is made of.
    """

    metric: str
    month: int = 0
    part: str = ""
    value: Number = 1
    number: int = 1
    missing: int = 0
    doubtful: int = 0


@dataclass(frozen=True)
class Given:
    """What a record gives to those viewers; it has several where viewers differ, or where it lay elsewhere before.

    Each viewer gets the facts for everything, for each locality, for each university, and for each pair of them, so
    that no filter counts a record twice. `again_on` is the first day on which it gives something else by date alone.
    """

    viewers: frozenset[int]
    localities: frozenset[str]
    universities: frozenset[int]
    facts: tuple[Fact, ...]
    again_on: date | None = None


@dataclass(frozen=True)
class Source:
    """Records of one kind, `kind` as in `records.kinds`.

    `read` takes a batch of numbers and asks a bounded number of queries, outside any reader's scope; a record that
    gives nothing may be left out. `batches` gives the numbers of all. Changes are heard of by RECORD_SETTLED and by
    whatever the session writes of `watched`: a model, and the name of its column with the record's number (the table
    of visibility, above all). `because_of` says, by kind, which records of this one give something else when records
    of that kind change: the parts of a series, the agreement that a visit was about. `meets_at` says, by kind, at what
    records of that kind meet others on which they depend so: those that meet are written one after the other (see
    `services.turns`). `taking_part` selects the records in which an organisation takes part: when it moves to another
    place, or changes what it is, they count elsewhere. `seen_by` selects the records that an organisation sees.
    """

    kind: str
    read: Callable[[Sequence[int]], Mapping[int, Sequence[Given]]]
    batches: Callable[[], Iterator[Sequence[int]]]
    seen_by: Callable[[int], Select[int]]
    watched: Mapping[type[Any], str] = field(default_factory=dict)
    taking_part: Callable[[int], Select[Any]] | None = None
    because_of: Mapping[str, Callable[[Sequence[int]], Collection[int]]] = field(default_factory=dict)
    meets_at: Mapping[str, Callable[[Sequence[int]], Collection[object]]] = field(default_factory=dict)


def numbers_of(column: InstrumentedAttribute[int]) -> Callable[[], Iterator[Sequence[int]]]:
    """For `Source.batches`: all numbers of a table in order, BATCH at a time."""

    def batches() -> Iterator[Sequence[int]]:
        last = 0
        while True:
            with without_scope():
                statement = select(column).where(column > last).order_by(column).limit(BATCH)
                batch = db.session.scalars(statement).all()
            if not batch:
                return
            yield batch
            last = batch[-1]

    return batches


def viewers_of(
    record: InstrumentedAttribute[int], organisation: InstrumentedAttribute[int], numbers: Collection[int]
) -> dict[int, frozenset[int]]:
    """Who sees each record, from the two columns of its table of visibility. One query.

    Only organisations in which somebody has an account: nobody else ever reads their figures, and there are far more
    enterprises in a registry than enterprises that work with it.
    """
    found: dict[int, set[int]] = {number: set() for number in numbers}
    seen = select(record, organisation).where(record.in_(numbers), organisation.in_(select(User.organisation_id)))
    for number, viewer in db.session.execute(seen):
        found[number].add(viewer)
    return {number: frozenset(viewers) for number, viewers in found.items()}


def seen_in(
    record: InstrumentedAttribute[int], organisation: InstrumentedAttribute[int]
) -> Callable[[int], Select[int]]:
    """For `Source.seen_by`, from the two columns of a table of visibility."""
    return lambda organisation_id: select(record).where(organisation == organisation_id)
