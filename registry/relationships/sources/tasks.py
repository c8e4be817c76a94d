"""Tasks that one side gave the other: lines of the timeline, no rung and no sign of life by themselves."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, select

from ...core.access.decision import Actor
from ...core.db import db
from ...core.i18n import msg
from ...tasks.enums import TaskSource, TaskState
from ...tasks.models import Task, TaskVisibility
from ..pairs import Pair, local_organisations
from .base import Entry, seen_subjects


def entries(pair: Pair, actor: Actor) -> Sequence[Entry]:
    """When each was assigned and closed; an unfinished one is due. What the registry itself reminds of is no line."""
    seen = TaskVisibility
    statement = (
        select(Task)
        .join(seen, seen.record_id == Task.id)
        .where(
            _between(pair),
            Task.origin != TaskSource.REMINDER,
            Task.state != TaskState.CANCELLED,
            seen.organisation_id == actor.organisation_id,
        )
    )
    found = db.session.scalars(statement).all()
    subjects = seen_subjects(found, actor)
    return [entry for one in found for entry in _entries(one, one.subject_public_id in subjects)]


def _entries(one: Task, is_subject_seen: bool) -> Iterator[Entry]:
    same = (one.title_zh, one.title_en, "tasks.show", one.public_id)
    yield Entry(
        one.starts_on, msg("Task assigned"), *same, "list-check", note=one.subject_title[:80] if is_subject_seen else ""
    )
    if one.closed_on:
        yield Entry(one.closed_on, msg("Task struck off"), *same, "check-lg", "ok", note=one.closing_note[:80])
    else:
        yield Entry(one.due_on, msg("Task due"), *same, "list-check", is_due=True)


def _between(pair: Pair) -> ColumnElement[bool]:
    local = local_organisations(pair.locality)
    there = (Task.owner_id == pair.university) & Task.lead_id.in_(local)
    back = (Task.lead_id == pair.university) & Task.owner_id.in_(local)
    return there | back
