"""Supervision slips: issued by the assigning organisation, numbered without gaps. 督办单。"""

from contextlib import suppress

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.dates import today
from ..core.db import db
from ..core.errors import Invalid
from ..core.i18n import msg
from . import policy, queries
from .announcements import settle
from .inputs import SlipDetails
from .lights import fitting_slips
from .models import SlipCounter, SupervisionSlip, Task


def issue(task: Task, given: SlipDetails, actor: User) -> SupervisionSlip:
    """Issue a slip with the organisation's next number of the year; it bears no sharper colour than the light.

    Raises Forbidden, Conflict while the task is on schedule, Invalid for a sharper colour or a day in the past.
    """
    light = queries.horizon_now().light(task.starts_on, task.due_on, task.percent)
    policy.may_supervise(actor, task, light).enforce()
    if given.colour not in fitting_slips(light):
        raise Invalid({"colour": [msg("The task's light does not bear this slip")]})
    if given.answer_by and given.answer_by < today():
        raise Invalid({"answer_by": [msg("This day has passed")]})
    slip = SupervisionSlip(
        issuer=actor.organisation,
        year=today().year,
        sequence=_next(actor.organisation_id, today().year),
        colour=given.colour,
        issued_on=today(),
        issued_by=actor,
        demand=given.demand,
        answer_by=given.answer_by,
        percent=task.percent,
        due_on=task.due_on,
    )
    task.slips.append(slip)
    task.slip_count += 1
    settle(task, actor, Action.TASK_SUPERVISE, {"slip": (None, slip.number), "colour": (None, str(slip.colour))})
    return slip


def _next(issuer_id: int, year: int) -> int:
    """Raise the counter row and read it in one statement; `max() + 1` would give a number out twice."""
    raise_it = (
        update(SlipCounter)
        .where(SlipCounter.issuer_id == issuer_id, SlipCounter.year == year)
        .values(last=SlipCounter.last + 1)
        .returning(SlipCounter.last)
        .execution_options(synchronize_session=False)
    )
    number = db.session.scalar(raise_it)
    if number is None:
        _begin(issuer_id, year)
        number = db.session.scalar(raise_it)
    if number is None:
        raise RuntimeError("the counter row cannot be raised")
    return number


def _begin(issuer_id: int, year: int) -> None:
    """Somebody else may make it at the same moment, which is just as well."""
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(SlipCounter(issuer_id=issuer_id, year=year, last=0))
