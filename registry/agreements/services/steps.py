"""The internal steps of each organisation: laid out, and found again."""

from collections.abc import Sequence

from sqlalchemy import select

from ...core.access.actions import Action
from ...core.dates import today
from ...core.db import db
from ...organisations.workdays import add_workdays
from .. import policy, queries
from ..models import Agreement, AgreementParty, AgreementRevision, Clearance, ClearanceStep
from .revisions import open_revision

OWNER_STEPS = (ClearanceStep.SECTION, ClearanceStep.LEGAL, ClearanceStep.LEADER)
COUNTERPART_STEPS = (ClearanceStep.SECTION, ClearanceStep.LEADER)


def lay_out(
    agreement: Agreement, revision: AgreementRevision, organisation_id: int, steps: Sequence[ClearanceStep]
) -> None:
    """Let an organisation's steps wait, each with its deadline counted in working days from the one before."""
    due = today()
    for position, step in enumerate(steps, start=1):
        due = add_workdays(due, step.working_days).day
        db.session.add(
            Clearance(
                agreement=agreement,
                revision=revision,
                organisation_id=organisation_id,
                step=step,
                position=position,
                due_on=due,
            )
        )


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
