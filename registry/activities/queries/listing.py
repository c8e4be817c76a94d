"""Lists of activities, and one of them. 活动列表."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ...core.dates import Precision
from ...core.i18n import Message, msg
from ...organisations.models import Organisation
from ...records.months import Months
from ...records.queries import Listing, titled
from ..enums import ActivityKind, ActivityState, Part
from ..models import Activity, ActivityFigure, ActivityParty, ActivityVisibility
from ..pairs import Pair
from . import predicates

COLUMNS = (
    Activity.kind,
    Activity.state.label("activity_state"),
    Activity.held_on,
    Activity.held_until,
    Activity.held_precision,
    Activity.place,
    Activity.programme,
    Activity.counting_note,
    Activity.notes,
    Activity.source,
    Activity.parent_id,
    Organisation.name_zh.label("owner_zh"),
    Organisation.name_en.label("owner_en"),
)
LISTING = Listing(
    Activity,
    ActivityVisibility,
    COLUMNS,
    options=(
        joinedload(Activity.owner),
        joinedload(Activity.parent),
        joinedload(Activity.region),
        joinedload(Activity.signing_event),
        selectinload(Activity.parties).joinedload(ActivityParty.organisation),
        selectinload(Activity.outcomes),
        selectinload(Activity.figures).options(
            joinedload(ActivityFigure.entered_by), joinedload(ActivityFigure.checked_by)
        ),
    ),
    sorts={"day": Activity.held_on},
    took_place=("held",),
)


class Level(StrEnum):
    """Series, their parts, what stands alone, or all of it without what is counted with another."""

    COUNTED = "counted"
    SERIES = "series"
    PART = "part"
    SINGLE = "single"

    @property
    def label(self) -> Message:
        """The level for the reader."""
        return LEVELS[self]


LEVELS = {
    Level.COUNTED: msg("Each counted once: series without their parts"),
    Level.SERIES: msg("Series only"),
    Level.PART: msg("Parts of others"),
    Level.SINGLE: msg("Neither series nor part"),
}


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing.

    `region` is a reporting locality, `programme` the whole name of one; `months` are those in which it began.
    """

    text: str = ""
    kind: ActivityKind | None = None
    state: ActivityState | None = None
    since: date | None = None
    until: date | None = None
    region: str = ""
    university: str = ""
    organiser: str = ""
    level: Level | None = None
    unchecked: bool = False
    programme: str = ""
    months: Months | None = None
    pair: Pair | None = None


def conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """The filter as conditions of the listing and of the totals."""
    if wanted.text:
        reported = ActivityParty.name_as_reported.icontains(wanted.text, autoescape=True)
        named = Organisation.name_zh.icontains(wanted.text, autoescape=True)
        place = Activity.place.icontains(wanted.text, autoescape=True)
        programme = Activity.programme.icontains(wanted.text, autoescape=True)
        yield or_(titled(Activity, wanted.text), place, programme, _has_party(or_(reported, named)))
    if wanted.kind:
        yield Activity.kind == wanted.kind
    if wanted.state:
        yield Activity.state == wanted.state
    yield from predicates.belonging(wanted.region, wanted.university, wanted.programme)
    if wanted.organiser:
        parts = (Part.ORGANISER, Part.CO_ORGANISER)
        yield _has_party(ActivityParty.part.in_(parts), Organisation.public_id == wanted.organiser)
    if wanted.unchecked:
        yield _has_unchecked()
    if wanted.pair:
        yield predicates.tells_both(wanted.pair)
    if wanted.months:
        yield predicates.in_months(wanted.months)
    yield from _period(wanted.since, wanted.until)
    yield from _level(wanted)


def _period(since: date | None, until: date | None) -> Iterator[ColumnElement[bool]]:
    """Known days that fall into the period in part; of a month or a year only what surely lies within it."""
    is_day = Activity.held_precision == Precision.DAY
    if since:
        yield or_(and_(is_day, Activity.ends_on >= since), Activity.held_on >= since)
    if until:
        yield or_(and_(is_day, Activity.held_on <= until), Activity.ends_on <= until)


def _level(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    level = wanted.level
    if level is Level.COUNTED:
        yield ~predicates.counted_with_another(wanted.region, wanted.university, wanted.programme, wanted.pair)
    elif level is Level.PART:
        yield Activity.parent_id.is_not(None)
    elif level:
        yield Activity.parent_id.is_(None)
        is_series = Activity.kind == ActivityKind.SERIES
        yield is_series if level is Level.SERIES else ~is_series


def _has_party(*wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    rows = (
        select(ActivityParty.id)
        .outerjoin(Organisation, Organisation.id == ActivityParty.organisation_id)
        .where(ActivityParty.activity_id == Activity.id, *wanted)
        .correlate(Activity)
    )
    return rows.exists()


def _has_unchecked() -> ColumnElement[bool]:
    rows = select(ActivityFigure.id).where(
        ActivityFigure.activity_id == Activity.id,
        ActivityFigure.superseded_at.is_(None),
        ActivityFigure.checked_on.is_(None),
    )
    return rows.correlate(Activity).exists()
