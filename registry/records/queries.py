"""Reading shared records: lists by columns, one record or NotFound, always cut to the reader's scope. 共享记录查询."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased
from sqlalchemy.sql.base import ExecutableOption

from ..audit.queries import history_of
from ..audit.services import Recorded
from ..core.access.decision import Actor
from ..core.db import db
from ..core.errors import NotFound, Stale
from ..core.rows import named
from ..organisations.models import Organisation
from .models import Shared, VisibilityRow

R = TypeVar("R", bound=Shared)
LAST_CHANGES = 5
HISTORY = 50
MOST_BETWEEN = 50
EXPORT_BATCH = 1_000


@dataclass(frozen=True)
class Listing(Generic[R]):
    """How records of one kind are read. `columns` may name Organisation: the owner is joined.

    `sorts` are further sort keys by the name in the address; without one the newest `sort_on` comes first, or with
    `ascending` the earliest. `took_place` are the states of a record of something that took place; without them any.
    """

    record: type[R]
    visibility: type[VisibilityRow]
    columns: Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]]
    options: Sequence[ExecutableOption] = ()
    sorts: Mapping[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = field(default_factory=dict)
    ascending: bool = False
    took_place: Sequence[str] = ()

    def page(
        self, actor: Actor, conditions: Iterable[ColumnElement[bool]], offset: int, limit: int, sort: str = ""
    ) -> Sequence[Row[Any]]:
        """One page as rows of id, public_id, titles, sort_on, state and `columns`."""
        statement = self._narrowed(self._selected(), actor, conditions).order_by(*self._order(sort))
        return db.session.execute(statement.offset(offset).limit(limit)).all()

    def count(self, actor: Actor, conditions: Iterable[ColumnElement[bool]], limit: int) -> int:
        """How many there are, counted up to `limit` + 1."""
        found = self._narrowed(select(self.record.id), actor, conditions).limit(limit + 1).subquery()
        return db.session.scalar(select(func.count()).select_from(found)) or 0

    def count_by_state(self, actor: Actor, states: Iterable[str], limit: int) -> dict[str, int]:
        """For the chips: how many of each state the actor sees, each counted up to `limit` + 1; one statement."""
        seen, names = self.visibility, [str(state) for state in states]
        parts = [
            select(seen.record_id)
            .where(seen.organisation_id == actor.organisation_id, seen.state == name)
            .limit(limit + 1)
            .subquery()
            for name in names
        ]
        counts = select(*(select(func.count()).select_from(part).scalar_subquery() for part in parts))
        return {name: number for name, number in zip(names, db.session.execute(counts).one(), strict=True) if number}

    def batches(self, actor: Actor, conditions: Iterable[ColumnElement[bool]]) -> Iterator[Sequence[Any]]:
        """All rows in the listing's own order, by name; a batch in memory at a time."""
        narrowed = self._narrowed(self._selected(), actor, list(conditions)).order_by(*self._order(""))
        rows = named(db.session.execute(narrowed.limit(EXPORT_BATCH)).all())
        while rows:
            yield rows
            rows = named(db.session.execute(narrowed.where(self._after(rows[-1])).limit(EXPORT_BATCH)).all())

    def seen_by(self, actor: Actor, conditions: Iterable[ColumnElement[bool]]) -> Select[Any]:
        """All rows that fit, in no order: for whoever looks many up at once."""
        return self._narrowed(self._selected(), actor, conditions)

    def titles(self, public_ids: Sequence[str], actor: Actor) -> dict[str, tuple[str, str]]:
        """Titles in both languages of those of several records that the actor sees, by public id."""
        record, seen = self.record, self.visibility
        statement = select(record.public_id, record.title_zh, record.title_en).join(seen, seen.record_id == record.id)
        wanted = (record.public_id.in_(public_ids), seen.organisation_id == actor.organisation_id)
        return {key: (zh, en) for key, zh, en in db.session.execute(statement.where(*wanted))}

    def between(self, others: Collection[int], first: date, last: date, actor: Actor) -> Sequence[Row[Any]]:
        """What took place in these days, latest first, with the actor's organisation and one of the others taking part.

        Rows of public id, titles and day, at most MOST_BETWEEN.
        """
        record, seen, other = self.record, self.visibility, aliased(self.visibility)
        theirs = select(other.record_id).where(
            other.record_id == seen.record_id, other.organisation_id.in_(others), other.is_party.is_(True)
        )
        columns: tuple[Any, ...] = (record.public_id, record.title_zh, record.title_en, seen.sort_on)
        statement: Select[Any] = select(*columns).join(seen, seen.record_id == record.id)
        wanted = [seen.organisation_id == actor.organisation_id, seen.is_party.is_(True), theirs.exists()]
        if self.took_place:
            wanted.append(seen.state.in_(self.took_place))
        statement = statement.where(*wanted, seen.sort_on.between(first, last))
        order = (seen.sort_on.desc(), seen.record_id.desc())
        return db.session.execute(statement.order_by(*order).limit(MOST_BETWEEN)).all()

    def get(self, public_id: str, actor: Actor) -> R:
        """One record. Raises NotFound for what is absent or outside the actor's scope."""
        found = db.session.scalar(self._one(public_id, actor))
        if found is None:
            raise NotFound
        return found

    def get_for_change(self, public_id: str, actor: Actor, version: int) -> R:
        """The same, locked. Raises NotFound, or Stale with what happened since."""
        found = db.session.scalar(self._one(public_id, actor).with_for_update(of=self.record))
        if found is None:
            raise NotFound
        if found.row_version != version:
            raise Stale(changes=history(found, LAST_CHANGES))
        return found

    def _one(self, public_id: str, actor: Actor) -> Select[R]:
        seen = self.visibility
        statement: Select[R] = select(self.record).join(seen, seen.record_id == self.record.id)
        wanted = (self.record.public_id == public_id, seen.organisation_id == actor.organisation_id)
        return statement.where(*wanted).options(*self.options)

    def _selected(self) -> Select[Any]:
        record, seen = self.record, self.visibility
        common = (record.id, record.public_id, record.title_zh, record.title_en, record.is_demo)
        return select(*common, seen.sort_on, seen.state, *self.columns)

    def _narrowed(self, statement: Select[Any], actor: Actor, conditions: Iterable[ColumnElement[bool]]) -> Select[Any]:
        record, seen = self.record, self.visibility
        joined = statement.join(seen, seen.record_id == record.id).join(
            Organisation, Organisation.id == record.owner_id
        )
        return joined.where(seen.organisation_id == actor.organisation_id, *conditions)

    def _after(self, last: Row[Any]) -> ColumnElement[bool]:
        """What follows a row in the listing's own order."""
        day, number = self.visibility.sort_on, self.visibility.record_id
        if self.ascending:
            return or_(day > last.sort_on, and_(day == last.sort_on, number > last.id))
        return or_(day < last.sort_on, and_(day == last.sort_on, number < last.id))

    def _order(self, sort: str) -> list[ColumnElement[Any]]:
        key = self.sorts.get(sort.removeprefix("-"))
        if key is None:
            own = (self.visibility.sort_on, self.visibility.record_id)
            return [one.asc() if self.ascending else one.desc() for one in own]
        if sort.startswith("-"):
            return [key.desc().nulls_last(), self.record.id.desc()]
        return [key.asc().nulls_last(), self.record.id.asc()]


def history(record: Recorded, limit: int = HISTORY) -> Sequence[Row[Any]]:
    """What happened to one record, newest first; whoever asks has read the record."""
    return history_of(type(record).__name__.lower(), record.public_id, limit)


def titled(record: type[Shared], text: str) -> ColumnElement[bool]:
    """Records whose title in either language contains a text."""
    return or_(record.title_zh.icontains(text, autoescape=True), record.title_en.icontains(text, autoescape=True))
