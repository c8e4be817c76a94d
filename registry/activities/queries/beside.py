"""What stands beside activities: who took part, figures, parts, and the records that they belong to. 活动关联."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, inspect, select

from ...agreements.models import SigningEvent
from ...agreements.models.event import seen_by
from ...core.access.decision import Actor
from ...core.access.scope import without_scope
from ...core.db import db
from ...organisations.models import Organisation
from ..enums import HOLDERS, ActivityState
from ..figure_codes import FigureCode
from ..models import Activity, ActivityFigure, ActivityOutcome, ActivityParty, ActivityVisibility

PARTS_SHOWN = 100
LINKED_SHOWN = 20
HOLDERS_OFFERED = 100


def parties_of(activity_ids: Sequence[int]) -> dict[int, list[Row[*tuple[Any, ...]]]]:
    """Who took part in a page of activities, in one query, in their order, by activity."""
    statement = (
        select(
            ActivityParty.activity_id,
            ActivityParty.part,
            ActivityParty.name_as_reported,
            Organisation.public_id,
            Organisation.name_zh,
            Organisation.name_en,
        )
        .outerjoin(Organisation, Organisation.id == ActivityParty.organisation_id)
        .where(ActivityParty.activity_id.in_(activity_ids))
        .order_by(ActivityParty.activity_id, ActivityParty.position)
    )
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {one: [] for one in activity_ids}
    for row in db.session.execute(statement):
        found[row.activity_id].append(row)
    return found


def figures_of(activity_ids: Sequence[int]) -> dict[int, dict[FigureCode, ActivityFigure]]:
    """Current figures of a page of activities in one query: the actual one of each code, else the planned one."""
    statement = (
        select(ActivityFigure)
        .where(ActivityFigure.activity_id.in_(activity_ids), ActivityFigure.superseded_at.is_(None))
        .order_by(ActivityFigure.is_planned.desc(), ActivityFigure.id)
    )
    found: dict[int, dict[FigureCode, ActivityFigure]] = {one: {} for one in activity_ids}
    for figure in db.session.scalars(statement):
        found[figure.activity_id][figure.code] = figure
    return found


def outcomes_of(activity_ids: Sequence[int], kind: str) -> dict[int, list[str]]:
    """Public ids of the records of one kind that are linked to a batch of activities, in one query, by activity."""
    columns = (ActivityOutcome.activity_id, ActivityOutcome.subject_public_id)
    wanted = (ActivityOutcome.activity_id.in_(activity_ids), ActivityOutcome.subject_kind == kind)
    found: dict[int, list[str]] = {one: [] for one in activity_ids}
    for activity_id, public_id in db.session.execute(select(*columns).where(*wanted).order_by(ActivityOutcome.id)):
        found[activity_id].append(public_id)
    return found


def parts_of(activity: Activity, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The parts of an activity that the reader sees, in the order of their days, at most PARTS_SHOWN."""
    statement = (
        select(
            Activity.id,
            Activity.public_id,
            Activity.title_zh,
            Activity.title_en,
            Activity.kind,
            Activity.state,
            Activity.held_on,
            Activity.held_until,
            Activity.held_precision,
            Activity.place,
        )
        .join(ActivityVisibility, ActivityVisibility.record_id == Activity.id)
        .where(Activity.parent_id == activity.id, ActivityVisibility.organisation_id == actor.organisation_id)
        .order_by(Activity.held_on.asc().nulls_last(), Activity.id)
    )
    return db.session.execute(statement.limit(PARTS_SHOWN)).all()


def has_parts(activity: Activity) -> bool:
    """Whether anything is part of it, seen or not."""
    if not inspect(activity).persistent:
        return False
    with without_scope():  # a part that the reader does not see still makes a second level
        return db.session.scalar(select(Activity.id).where(Activity.parent_id == activity.id).limit(1)) is not None


def holders(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest activities that may have parts and are no part themselves, to choose from."""
    wanted = (Activity.kind.in_(HOLDERS), Activity.parent_id.is_(None), Activity.state != ActivityState.CANCELLED)
    return _seen(actor, and_(*wanted), HOLDERS_OFFERED)


def titles_of_holders(ids: Sequence[int], actor: Actor) -> dict[int, str]:
    """What the activities are called that others are part of, as far as the reader sees them."""
    seen = ActivityVisibility
    statement = select(Activity.id, Activity.title_zh).join(seen, seen.record_id == Activity.id)
    wanted = (Activity.id.in_(ids), seen.organisation_id == actor.organisation_id)
    return {row.id: row.title_zh for row in db.session.execute(statement.where(*wanted))}


def sees_event(event: SigningEvent, actor: Actor) -> bool:
    """Whether the reader sees the signing event that an activity names: its page is not for everybody."""
    wanted = select(SigningEvent.id).where(SigningEvent.id == event.id, seen_by(actor.organisation_id))
    return db.session.scalar(wanted) is not None


def at_event(event: SigningEvent, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """Activities at which a signing event took place, as far as the reader sees them."""
    return _seen(actor, Activity.signing_event_id == event.id)


def linked_to(kind: str, public_id: str, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest activities that a record came out of or that belong to it, as far as the reader sees them."""
    linked = (
        select(ActivityOutcome.id)
        .where(
            ActivityOutcome.activity_id == Activity.id,
            ActivityOutcome.subject_kind == kind,
            ActivityOutcome.subject_public_id == public_id,
        )
        .correlate(Activity)
    )
    return _seen(actor, linked.exists())


def _seen(actor: Actor, wanted: ColumnElement[bool], most: int = LINKED_SHOWN) -> Sequence[Row[*tuple[Any, ...]]]:
    seen = ActivityVisibility
    statement = (
        select(
            Activity.id,
            Activity.public_id,
            Activity.title_zh,
            Activity.title_en,
            Activity.kind,
            Activity.state,
            Activity.held_on,
            Activity.held_until,
            Activity.held_precision,
        )
        .join(seen, seen.record_id == Activity.id)
        .where(seen.organisation_id == actor.organisation_id, wanted)
        .order_by(seen.sort_on.desc(), Activity.id.desc())
    )
    return db.session.execute(statement.limit(most)).all()
