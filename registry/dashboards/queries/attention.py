"""What a leader should look at, and what was signed last: the first few of each, in one statement. 需要关注与最新签约。

Each list reads a range of an index or stops after a few rows, whatever the size of the tables; the list behind it
(`overview.page.ALL_OF`) is narrowed in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, String, cast, literal, select, union_all
from sqlalchemy.orm import aliased

from ...agreements.badges import EXPIRING_DAYS
from ...agreements.models import Agreement, AgreementParty, AgreementStatus, AgreementVisibility
from ...agreements.queries.coverage import EXACT_ENOUGH, SIGNED
from ...commitments.models import Commitment, CommitmentPeriod
from ...commitments.queries import seen
from ...core.access.decision import Actor
from ...core.dates import Precision
from ...core.db import db
from ...core.i18n import Message, msg
from ...organisations.models import Organisation
from ...organisations.queries.localities import stands_for
from ...relationships.models import Relationship, RelationshipVisibility
from ...relationships.queries import is_dormant
from ...tasks.models import Task, TaskVisibility
from ...tasks.queries import is_red, led_from
from ..cut import Cut

MOST, LATEST = 4, 6
STATEMENTS = 128  # kept
AGREEMENT, TASK = "agreement", "task"  # as in records.kinds
Lead = aliased(Organisation, name="lead")


class Listed(StrEnum):
    """Why something stands on the overview: the concerns, the gravest first, and the latest signings."""

    OVERDUE = "overdue"
    RED = "red"
    EXPIRING = "expiring"
    SILENT = "silent"
    LATEST = "latest"

    @property
    def label(self) -> Message:
        """The heading for the reader."""
        return LABELS[self][0]

    @property
    def tone(self) -> str:
        """The colour beside the word."""
        return LABELS[self][1]


LABELS = {
    Listed.OVERDUE: (msg("Overdue promises"), "bad"),
    Listed.RED: (msg("Tasks with a red light"), "bad"),
    Listed.EXPIRING: (msg("Ending within 90 days"), "warn"),
    Listed.SILENT: (msg("Silent for more than 180 days"), "warn"),
    Listed.LATEST: (msg("Latest signings"), "ok"),
}
CONCERNS = (Listed.OVERDUE, Listed.RED, Listed.EXPIRING, Listed.SILENT)


@dataclass(frozen=True)
class Item:
    """One record: its kind (`records.kinds`) and public id, what it is called, what it belongs to, and a day.

    `on` is the day that was missed, on which it ends, of the last activity or of the signing.
    """

    listed: Listed
    kind: str
    public_id: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    precision: Precision
    on: date | None


def list_items(actor: Actor, cut: Cut, day: date, university: str = "") -> dict[Listed, list[Item]]:
    """At most MOST of each concern and LATEST signings, in their order; `university` is the public id of the cut's."""
    found: dict[Listed, list[Item]] = {listed: [] for listed in Listed}
    for row in db.session.execute(_statement(actor.organisation_id, cut, day, university)):
        found[Listed(row.listed)].append(_item(row))
    ordered = {listed: sorted(items, key=_by_day) for listed, items in found.items()}
    ordered[Listed.LATEST] = ordered[Listed.LATEST][: -LATEST - 1 : -1]
    return ordered


def _item(row: Row[Any]) -> Item:
    named = (row.kind, row.public_id, row.title_zh, row.title_en, row.about_zh, row.about_en)
    return Item(Listed(row.listed), *named, Precision(row.precision), row.on)


def _by_day(item: Item) -> tuple[date, str]:
    return item.on or date.min, item.public_id


@lru_cache(STATEMENTS)
def _statement(reader: int, cut: Cut, day: date, university: str) -> CompoundSelect[Any]:
    """Composing it takes longer than asking it, and most readers ask the same all day."""
    concerns = [_overdue(reader, cut, day, university), *(one(reader, cut, day) for one in (_red, _expiring, _silent))]
    latest = [_signed(reader, cut, status).limit(LATEST) for status in SIGNED]
    parts = [one.subquery() for one in (*(one.limit(MOST) for one in concerns), *latest)]
    return union_all(*(select(part) for part in parts))


def _selected(
    listed: Listed, kind: str, record: Any, on: Any, about: Sequence[Any] = (), precision: Any = None
) -> Select[Any]:
    zh, en = about or (literal(""), literal(""))
    return select(
        literal(str(listed)).label("listed"),
        literal(kind).label("kind"),
        record.public_id,
        record.title_zh,
        record.title_en,
        cast(zh, String).label("about_zh"),
        cast(en, String).label("about_en"),
        cast(literal(str(Precision.DAY)) if precision is None else precision, String).label("precision"),
        on.label("on"),
    )


def _overdue(reader: int, cut: Cut, day: date, university: str) -> Select[Any]:
    """By the predicate of the number and of its list."""
    about = (Agreement.title_zh, Agreement.title_en)
    statement = _selected(Listed.OVERDUE, Commitment.kind_code, Commitment, CommitmentPeriod.due_on, about)
    return seen.overdue_by_day(statement, reader, day, (cut.locality, university))


def _red(reader: int, cut: Cut, day: date) -> Select[Any]:
    sight = TaskVisibility
    statement = (
        _selected(Listed.RED, TASK, Task, Task.due_on, (Lead.name_zh, Lead.name_en))
        .join_from(sight, Task, Task.id == sight.record_id)
        .join(Lead, Lead.id == Task.lead_id)
        .where(sight.organisation_id == reader, is_red(day))
    )
    if cut.locality:
        statement = statement.where(led_from(cut.locality))
    if cut.university_id:
        statement = statement.where(Task.lead_id == cut.university_id)
    return statement.order_by(Task.due_on, Task.id)


def _expiring(reader: int, cut: Cut, day: date) -> Select[Any]:
    """In force, with at most 90 days to the last day."""
    sight = AgreementVisibility
    soon = day + timedelta(days=EXPIRING_DAYS)
    return (
        _selected(Listed.EXPIRING, AGREEMENT, Agreement, Agreement.expires_on)
        .join(sight, sight.agreement_id == Agreement.id)
        .where(sight.organisation_id == reader, Agreement.status == AgreementStatus.IN_FORCE)
        .where(Agreement.expires_on.between(day, soon), *of_agreements(cut))
        .order_by(Agreement.expires_on, Agreement.id)
    )


def _silent(reader: int, cut: Cut, day: date) -> Select[Any]:
    sight = RelationshipVisibility
    statement = (
        _selected(Listed.SILENT, Relationship.kind_code, Relationship, Relationship.last_active_on)
        .join_from(sight, Relationship, Relationship.id == sight.record_id)
        .where(sight.organisation_id == reader, is_dormant(day))
    )
    if cut.locality:
        statement = statement.where(Relationship.locality_code == cut.locality)
    if cut.university_id:
        statement = statement.where(Relationship.university_id == cut.university_id)
    return statement.order_by(Relationship.last_active_on.asc().nulls_first(), Relationship.id)


def _signed(reader: int, cut: Cut, status: AgreementStatus) -> Select[Any]:
    """The newest of one status, signed in the period in a month that is known: one range of an index."""
    sight = AgreementVisibility
    return (
        _selected(Listed.LATEST, AGREEMENT, Agreement, Agreement.signed_on, (), Agreement.signed_precision)
        .join_from(sight, Agreement, Agreement.id == sight.agreement_id)
        .where(sight.organisation_id == reader, sight.status == status)
        .where(sight.sort_on.between(cut.first_day, cut.last_day), Agreement.signed_precision.in_(EXACT_ENOUGH))
        .where(*of_agreements(cut))
        .order_by(sight.sort_on.desc(), sight.agreement_id.desc())
    )


def _of_locality(cut: Cut) -> Select[int]:
    return select(Organisation.id).where(stands_for(cut.locality))


def of_agreements(cut: Cut) -> list[ColumnElement[bool]]:
    """Agreements that an organisation of the locality, and the university, are bound by."""
    wanted: list[Any] = [_of_locality(cut)] if cut.locality else []
    if cut.university_id:
        wanted.append([cut.university_id])
    bound = (AgreementParty.position > 0, AgreementParty.is_bound.is_(True))
    return [
        select(AgreementParty.id)
        .where(AgreementParty.agreement_id == Agreement.id, *bound, AgreementParty.organisation_id.in_(ids))
        .correlate(Agreement)
        .exists()
        for ids in wanted
    ]
