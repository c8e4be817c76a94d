"""Review steps that are late or that nobody is there to take, shown to the next higher. 逾期未办.

Nobody's rights grow by it. A section head's and a legal officer's step is shown to the organisation's leaders, a
leader's to the overseers of the organisations above (dossier, section 5: timers).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import literal, or_, select, union_all

from ..accounts import standing
from ..accounts.models import User
from ..accounts.standing import Holder
from ..core.access.roles import Role
from ..core.dates import today
from ..core.db import db
from ..organisations.models import Organisation, Oversight
from ..organisations.workdays import Calendar, calendar
from .models import Agreement, AgreementVisibility, Clearance, ClearanceStep
from .todo import LIMIT
from .waiting import Task, waiting_steps

BELOW_THE_LEADER = (ClearanceStep.SECTION, ClearanceStep.LEGAL)


@dataclass(frozen=True)
class OverdueStep:
    """One row for the next higher. `days_late` counts working days; `unattended` means that nobody is there for it."""

    task: str
    public_id: str
    number: str | None
    title_zh: str
    title_en: str
    due_on: date | None
    days_late: int
    unattended: bool
    organisation: Organisation
    holders: Sequence[Holder]


class Waits:
    """The steps of one agreement that wait: who is there for them and how late they are; each thing asked once."""

    def __init__(self, steps: Sequence[Clearance]) -> None:
        self._steps = steps
        self._day = today()

    @cached_property
    def _people(self) -> dict[tuple[int, Role], list[Holder]]:
        return standing.holders({step.organisation_id for step in self._steps}, self._day)

    @cached_property
    def _calendar(self) -> Calendar:
        return calendar()

    def holders(self, step: Clearance) -> Sequence[Holder]:
        """Whose step it is; nobody for one that does not wait."""
        return self._people.get((step.organisation_id, step.step.role), []) if step in self._steps else []

    def days_late(self, step: Clearance) -> int | None:
        """Working days since its last day, 0 on a free day after it; None when it is not late."""
        if step not in self._steps or step.due_on is None or step.due_on >= self._day:
            return None
        return self._calendar.count(step.due_on, self._day)


def list_overdue(user: User, day: date) -> list[OverdueStep]:
    """What is overdue with others, the longest overdue first, at most LIMIT; four statements however many there are."""
    parts = _parts(user, day)
    if not parts:
        return []
    late = union_all(*parts).subquery()
    rows = db.session.execute(select(late).order_by(late.c.due_on, late.c.public_id).limit(LIMIT)).all()
    if not rows:
        return []
    ids = {row.organisation_id for row in rows}
    found = db.session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    organisations = {one.id: one for one in found}
    people, workdays = standing.holders(ids, day), calendar()
    return [
        OverdueStep(
            row.task,
            row.public_id,
            row.number,
            row.title_zh,
            row.title_en,
            row.due_on,
            workdays.count(row.due_on, day) if row.due_on else 0,
            row.unattended,
            organisations[row.organisation_id],
            people.get((row.organisation_id, ClearanceStep(row.task).role), []),
        )
        for row in rows
    ]


def _parts(user: User, day: date) -> list[Task]:
    parts: list[Task] = []
    if Role.LEADER in user.roles:
        own = Clearance.organisation_id == user.organisation_id
        parts += [_late(user, step, day).where(own) for step in BELOW_THE_LEADER]
    if Role.OVERSEER in user.roles:
        below = select(Oversight.organisation_id).where(Oversight.overseer_id == user.organisation_id)
        parts.append(_late(user, ClearanceStep.LEADER, day).where(Clearance.organisation_id.in_(below)))
    return parts


def _late(user: User, step: ClearanceStep, day: date) -> Task:
    """Past its day, or without anybody who could take it; cut to what the reader's organisation sees."""
    unattended = ~standing.somebody_there(Clearance.organisation_id, step.role, day)
    columns = select(
        literal(str(step)).label("task"),
        Agreement.public_id,
        Agreement.number,
        Agreement.title_zh,
        Agreement.title_en,
        Clearance.due_on,
        Clearance.organisation_id,
        unattended.label("unattended"),
    )
    seen = (
        select(AgreementVisibility.agreement_id)
        .where(
            AgreementVisibility.agreement_id == Agreement.id,
            AgreementVisibility.organisation_id == user.organisation_id,
        )
        .exists()
    )
    return waiting_steps(columns, step).where(seen, or_(Clearance.due_on < day, unattended))
