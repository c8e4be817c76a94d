"""Steps of the review whose turn it is, each for those who may take it. 审查逾期."""

from ...agreements.models import Agreement, Clearance, ClearanceStep
from ...agreements.waiting import waiting_steps
from ..rules import Rule
from .agreements import KIND, SEEN, columns
from .base import Source


def _source(step: ClearanceStep) -> Source:
    theirs = (SEEN.agreement_id == Agreement.id) & (SEEN.organisation_id == Clearance.organisation_id)
    return Source(
        rule=Rule.REVIEW,
        kind=KIND,
        statement=waiting_steps(columns(), step).join(SEEN, theirs),
        anchor=Clearance.due_on,
        number=Clearance.id,
        organisation_id=Clearance.organisation_id,
        public_id=Agreement.public_id,
        roles=frozenset({step.role}),
    )


SOURCES = tuple(_source(step) for step in ClearanceStep)
