"""The suggested plan of follow-up visits: agreements that nobody visited for a year, on working days. 回访计划。"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import Actor, decide
from ...core.dates import today
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...organisations.models import Organisation
from ...organisations.workdays import calendar
from ..enums import VisitKind
from ..inputs import PlannedDay, VisitDetails
from ..models import Visit
from ..queries.due import SUBJECT, agreements_due, partners_of, still_due
from ..spread import ONE_DAY, spread
from .entry import enter


@dataclass(frozen=True)
class Suggestion:
    """An agreement to visit for, whom, and the day."""

    agreement: Row[*tuple[Any, ...]]
    partner: Organisation | None
    day: date


def suggest(actor: Actor, first: date | None, span: int, most_a_day: int) -> list[Suggestion]:
    """Visits for the agreements due, over `span` working days from `first`, which is tomorrow at the earliest."""
    begin = max(first or today(), today() + ONE_DAY)
    due = agreements_due(actor, today())
    partners = partners_of([row.id for row in due], actor.organisation_id)
    days = spread(len(due), begin, span, most_a_day, calendar().first_from)
    return [Suggestion(row, partners.get(row.id), day) for row, day in zip(due, days, strict=True)]


def accept(lines: Sequence[PlannedDay], actor: User, *, is_demo: bool = False) -> list[Visit]:
    """Plan the visits that the clerk chose; agreements that are planned or visited meanwhile are passed over.

    Raises Forbidden, Invalid for a day on which nobody works or that is past, or without any line.
    """
    decide(actor, Action.VISIT_PLAN).enforce()
    _check(lines)
    days = {line.agreement: line.day for line in lines}
    agreements = still_due(list(days), actor, today())
    partners = partners_of([one.id for one in agreements], actor.organisation_id)
    made = []
    for agreement in agreements:
        partner = partners.get(agreement.id)
        details = VisitDetails(
            kind=VisitKind.FOLLOW_UP,
            day=days[agreement.public_id],
            visited=partner.public_id if partner else "",
            visited_name="" if partner else agreement.title_zh,
            subject_kind=SUBJECT,
            subject_public_id=agreement.public_id,
        )
        made.append(enter(details, actor, is_demo=is_demo))
    return made


def _check(lines: Sequence[PlannedDay]) -> None:
    problems: dict[str, list[Message | str]] = {}
    if not lines:
        problems["pick"] = [msg("Choose at least one agreement")]
    days = calendar()
    for line in lines:
        if line.day <= today():
            problems[f"day-{line.agreement}"] = [msg("The day is still to come")]
        elif not days.works_on(line.day):
            problems[f"day-{line.agreement}"] = [msg("Nobody works on this day")]
    if problems:
        raise Invalid(problems)
