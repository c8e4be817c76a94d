"""Lists of visits and one visit, cut to what the reader sees. 走访列表."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from ...core.access.decision import Actor
from ...core.db import db
from ...core.i18n import Message, msg
from ...organisations.models import IndustrySection, Organisation, Region
from ...records.months import Months
from ...records.queries import Listing, titled
from ..enums import Aftermath, Direction, FigureCode, LeadLevel, VisitKind, VisitState
from ..models import Visit, VisitFigure, VisitFinding, VisitVisibility
from . import predicates
from .aftermath import aftermath_column, rectifying, settled

LATEST = 5
NO_COLLEGE = "-"
Visited = aliased(Organisation, name="visited_organisation")
Visitor = aliased(Organisation, name="visiting_organisation")


def _of(alias: Any, name: str, key: Any) -> ColumnElement[Any]:
    column = getattr(alias, name)
    return select(column).where(alias.id == key).correlate(Visit).scalar_subquery()


COLUMNS = (
    Visit.state.label("stage"), Visit.kind, Visit.direction, Visit.owner_id, Visit.planned_on, Visit.held_on,
    Visit.subject_kind,
    Visit.subject_public_id, Visit.subject_title, Visit.visited_uscc, Visit.nature, Visit.leader_name,
    Visit.leader_office, Visit.lead_level, Visit.participants, Visit.college, Visit.receiver, Visit.receiver_title,
    Visit.is_first, Visit.majors, Visit.intentions, Visit.base_built, Visit.tracked, Visit.rating, Visit.findings,
    Visit.feedback, Visit.follow_up, Visit.next_on, Visit.source_url, Visit.reason,
    func.coalesce(_of(Visited, "name_zh", Visit.visited_id), Visit.visited_name).label("visited_zh"),
    func.coalesce(_of(Visited, "name_en", Visit.visited_id), "").label("visited_en"),
    func.coalesce(_of(Visited, "uscc", Visit.visited_id), Visit.visited_uscc).label("uscc"),
    _of(Visited, "kind", Visit.visited_id).label("visited_kind"),
    _of(Visitor, "name_zh", Visit.visitor_id).label("visitor_zh"),
    _of(Visitor, "name_en", Visit.visitor_id).label("visitor_en"),
    _of(Visitor, "moe_code", Visit.visitor_id).label("moe_code"),
    select(Region.name_zh).where(Region.code == Visit.region_code).correlate(Visit).scalar_subquery().label("place_zh"),
    select(IndustrySection.name_zh).where(IndustrySection.code == Visit.industry_code).correlate(Visit)
    .scalar_subquery().label("industry_zh"),
    aftermath_column().label("aftermath"),
)  # fmt: skip
LISTING = Listing(
    Visit,
    VisitVisibility,
    COLUMNS,
    options=(
        joinedload(Visit.owner),
        joinedload(Visit.visitor),
        joinedload(Visit.visited),
        selectinload(Visit.figures),
        selectinload(Visit.problems).joinedload(VisitFinding.task),
    ),
    sorts={"next": Visit.next_on},
    took_place=("held",),
)


class Told(StrEnum):
    """How a list is narrowed by what may be untold: first contact, place."""

    YES = "yes"
    NO = "no"
    TOLD = "told"
    UNTOLD = "untold"

    @property
    def label(self) -> Message:
        """The choice for the reader."""
        return TOLD[self]


TOLD = {
    Told.YES: msg("Yes"),
    Told.NO: msg("No"),
    Told.TOLD: msg("Either, as far as it is known"),
    Told.UNTOLD: msg("Not known"),
}


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing.

    `party` visited or was visited, `visitor` only visited (public ids). `once` keeps one visit of each employer, so
    that the list is as long as the number of employers, `yearly` the first one in each year; NO_COLLEGE are visits
    without one. `region` is a reporting locality.
    """

    text: str = ""
    kind: VisitKind | None = None
    direction: Direction | None = None
    state: VisitState | None = None
    level: LeadLevel | None = None
    first: Told | None = None
    place: Told | None = None
    aftermath: Aftermath | None = None
    since: date | None = None
    until: date | None = None
    party: str = ""
    visitor: str = ""
    college: str = ""
    subject_kind: str = ""
    subject: str = ""
    once: bool = False
    yearly: bool = False
    region: str = ""
    months: Months | None = None


def conditions(wanted: Filter, actor: Actor) -> list[ColumnElement[bool]]:
    """The filter as conditions of the listing."""
    found = [*_plain(wanted), *_people(wanted), *_derived(wanted)]
    return [*found, _once(found, actor)] if wanted.once else found


def _plain(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.kind:
        yield Visit.kind == wanted.kind
    if wanted.direction:
        yield Visit.direction == wanted.direction
    if wanted.state:
        yield VisitVisibility.state == wanted.state
    if wanted.level:
        yield Visit.lead_level == wanted.level
    if wanted.since:
        yield VisitVisibility.sort_on >= wanted.since
    if wanted.until:
        yield VisitVisibility.sort_on <= wanted.until
    if wanted.college:
        yield Visit.college == ("" if wanted.college == NO_COLLEGE else wanted.college)
    if wanted.subject_kind:
        yield Visit.subject_kind == wanted.subject_kind
    if wanted.subject:
        yield Visit.subject_public_id == wanted.subject


def _people(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.text:
        named = select(Organisation.id).where(Organisation.name_zh.icontains(wanted.text, autoescape=True))
        told = or_(
            titled(Visit, wanted.text),
            Visit.visited_name.icontains(wanted.text, autoescape=True),
            Visit.leader_name.icontains(wanted.text, autoescape=True),
            Visit.visited_id.in_(named.correlate(None)),
        )
        yield told
    if wanted.party:
        yield or_(Visit.visited_id == _id_of(wanted.party), Visit.visitor_id == _id_of(wanted.party))
    if wanted.visitor:
        yield Visit.visitor_id == _id_of(wanted.visitor)


def _derived(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.first:
        yield _told(wanted.first, predicates.first_contact(), predicates.contact_told())
    if wanted.place:
        yield _told(wanted.place, predicates.in_province(), predicates.place_told())
    if wanted.region:
        yield predicates.in_locality(wanted.region)
    if wanted.months:
        yield predicates.in_months(wanted.months)
    if wanted.yearly:
        yield predicates.first_of_year()
    if wanted.aftermath:
        yield rectifying() if wanted.aftermath is Aftermath.RECTIFYING else settled()


def _told(choice: Told, is_so: ColumnElement[bool], is_told: ColumnElement[bool]) -> ColumnElement[bool]:
    choices = {Told.YES: is_so, Told.NO: is_told & ~is_so, Told.TOLD: is_told, Told.UNTOLD: ~is_told}
    return choices[choice]


def _id_of(public_id: str) -> ColumnElement[int]:
    other = aliased(Organisation)
    return select(other.id).where(other.public_id == public_id).scalar_subquery()


def _once(found: Sequence[ColumnElement[bool]], actor: Actor) -> ColumnElement[bool]:
    """The first of the visits found, for each employer and visitor."""
    firsts = (
        select(func.min(Visit.id))
        .join(VisitVisibility, VisitVisibility.record_id == Visit.id)
        .join(Organisation, Organisation.id == Visit.owner_id)
        .where(VisitVisibility.organisation_id == actor.organisation_id, *found)
        .group_by(Visit.visitor_id, Visit.employer_key)
        .correlate(None)
    )
    return Visit.id.in_(firsts)


def figures_of(visit_ids: Sequence[int]) -> dict[tuple[int, FigureCode], VisitFigure]:
    """The figures of a page of visits in one query."""
    rows = db.session.scalars(select(VisitFigure).where(VisitFigure.visit_id.in_(visit_ids)))
    return {(one.visit_id, one.code): one for one in rows}


def latest_of(kind: str, public_id: str, actor: Actor) -> Sequence[Row[Any]]:
    """The newest visits about a record that the reader sees, for its page."""
    about = (Visit.subject_kind == kind, Visit.subject_public_id == public_id)
    return LISTING.page(actor, about, 0, LATEST)
