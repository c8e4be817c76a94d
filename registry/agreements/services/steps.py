"""The internal steps of each organisation: laid out, and found again."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from ...core.access.actions import Action
from ...core.dates import today
from ...core.db import db, transaction
from ...organisations.recount import recounts
from ...organisations.workdays import Calendar, calendar
from .. import policy, queries
from ..models import Agreement, AgreementParty, AgreementRevision, Clearance, ClearanceStep, RevisionStage
from .revisions import open_revision

OWNER_STEPS = (ClearanceStep.SECTION, ClearanceStep.LEGAL, ClearanceStep.LEADER)
COUNTERPART_STEPS = (ClearanceStep.SECTION, ClearanceStep.LEADER)


def lay_out(
    agreement: Agreement, revision: AgreementRevision, organisation_id: int, steps: Sequence[ClearanceStep]
) -> None:
    """Let an organisation's steps wait, each with its deadline in working days from today.

    A deadline runs from the day on which its step begins to wait. Nobody knows that day yet for the later steps, so
    all run from today, and `wait_for_next` counts again: submitted on 2026-09-30, legality review by 2026-10-13.
    """
    days, start = calendar(), today()
    for position, step in enumerate(steps, start=1):
        row = Clearance(
            agreement=agreement, revision=revision, organisation_id=organisation_id, step=step, position=position
        )
        _count(row, days, start)
        db.session.add(row)


def wait_for_next(agreement: Agreement, organisation_id: int) -> None:
    """Let the deadline of the organisation's next step run from today; nothing to do after the last."""
    step = next_step(agreement, organisation_id)
    if step is not None:
        _count(step, calendar(), today())


def _count(row: Clearance, days: Calendar, start: date) -> None:
    row.counted_from, row.due_on = start, days.add(start, row.step.working_days).day


@recounts
def count_again() -> None:
    """Count the deadlines of all steps that wait again: a year's working days were recorded or corrected."""
    waiting = (
        select(Clearance)
        .join(AgreementRevision, AgreementRevision.id == Clearance.revision_id)
        .where(
            Clearance.result.is_(None),
            Clearance.counted_from.is_not(None),
            AgreementRevision.stage.in_((RevisionStage.REVIEW, RevisionStage.NEGOTIATION)),
        )
    )
    with transaction():
        days = calendar()
        for row in db.session.scalars(waiting):
            if row.counted_from:
                _count(row, days, row.counted_from)


def steps_of(agreement: Agreement, organisation_id: int) -> Sequence[Clearance]:
    """The organisation's steps on the open revision, in order."""
    statement = (
        select(Clearance)
        .where(Clearance.revision_id == open_revision(agreement).id, Clearance.organisation_id == organisation_id)
        .order_by(Clearance.position)
    )
    return db.session.scalars(statement).all()


def next_step(agreement: Agreement, organisation_id: int) -> Clearance | None:
    """The organisation's step that waits; None when none does."""
    return next((step for step in steps_of(agreement, organisation_id) if step.result is None), None)


def decided_steps(agreement: Agreement, organisation_id: int) -> list[Clearance]:
    """The organisation's steps that somebody has judged."""
    return [step for step in steps_of(agreement, organisation_id) if step.result is not None]


def has_reviewers(party: AgreementParty) -> bool:
    """Whether everybody is here who takes a counterpart's internal steps."""
    return bool(queries.staffed([party], [step.role for step in COUNTERPART_STEPS]))


def acts_itself(party: AgreementParty, action: Action) -> bool:
    """Whether the party has people here who do this for it (see `policy.OWN_PEOPLE`)."""
    roles = queries.roles_here([party]).get(party.organisation_id or 0, frozenset())
    return bool(roles & policy.OWN_PEOPLE[action])
