"""Follow-ups that a visit agreed on and nobody planned, for who keeps the visit. 再次走访."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from ...agreements.models import Agreement, AgreementStatus
from ...visits.enums import VisitState
from ...visits.models import Visit, VisitVisibility
from ..rules import Rule
from .agreements import IS_SUSPENDED
from .base import Source

ENDED = (AgreementStatus.CLOSED, AgreementStatus.VOID)
# The task that the registry opens when the day has come: this rule tells of the same.
COVERED_TASKS = "visit:%:follow_up"
_later = aliased(Visit)
_planned = select(_later.id).where(
    _later.owner_id == Visit.owner_id,
    _later.employer_key == Visit.employer_key,
    or_(_later.state == VisitState.PLANNED, _later.held_on > Visit.held_on),
)
_about = and_(Visit.subject_kind == "agreement", Agreement.public_id == Visit.subject_public_id)
_seen = and_(VisitVisibility.record_id == Visit.id, VisitVisibility.organisation_id == Visit.owner_id)

SOURCE = Source(
    rule=Rule.VISIT,
    kind=Visit.kind_code,
    statement=select(
        Visit.public_id,
        Visit.title_zh,
        Visit.title_en,
        Agreement.id.label("agreement_id"),
        func.coalesce(IS_SUSPENDED, False).label("suspended"),
    )
    .join(VisitVisibility, _seen)
    .outerjoin(Agreement, _about)
    .where(
        Visit.state == VisitState.HELD,
        or_(Agreement.id.is_(None), Agreement.status.not_in(ENDED)),
        ~_planned.correlate(Visit).exists(),
    ),
    anchor=Visit.next_on,
    number=Visit.id,
    organisation_id=Visit.owner_id,
    public_id=Visit.public_id,
)
