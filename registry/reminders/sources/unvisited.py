"""Agreements in force that nobody visited for twelve months, for their owner (as `visits.queries.due` plans them).

Counted from the last visit held since it came into force, else from the day it came into force. 待回访协议.
"""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from ...agreements.models import Agreement
from ...visits.enums import VisitState
from ...visits.models import Visit
from ...visits.queries.due import MONTHS
from ..rules import Rule
from .agreements import HOLDS, KIND, SEEN, of_owner
from .base import Source, months_later

_other = aliased(Visit)


def _about(visit: type[Visit]) -> ColumnElement[bool]:
    return and_(visit.subject_kind == KIND, visit.subject_public_id == Agreement.public_id)


def _in_its_term(visit: type[Visit]) -> ColumnElement[bool]:
    held = and_(_about(visit), visit.state == VisitState.HELD)
    return and_(held, or_(Agreement.effective_on.is_(None), visit.held_on >= Agreement.effective_on))


_planned = select(_other.id).where(_about(_other), _other.state == VisitState.PLANNED)
_later = select(_other.id).where(
    _in_its_term(_other),
    or_(_other.held_on > Visit.held_on, and_(_other.held_on == Visit.held_on, _other.id > Visit.id)),
)
_ever = select(_other.id).where(_in_its_term(_other))
_waiting = of_owner().where(Agreement.status.in_(HOLDS), ~_planned.correlate(Agreement).exists())

LAST_VISITED = Source(
    rule=Rule.VISIT,
    kind=KIND,
    statement=_waiting.join(Visit, _in_its_term(Visit)).where(~_later.correlate(Agreement, Visit).exists()),
    anchor=Visit.held_on,
    number=Agreement.id,
    organisation_id=SEEN.organisation_id,
    public_id=Agreement.public_id,
    count=months_later(MONTHS),
)
NEVER_VISITED = Source(
    rule=Rule.VISIT,
    kind=KIND,
    statement=_waiting.where(~_ever.correlate(Agreement).exists()),
    anchor=Agreement.effective_on,
    number=Agreement.id,
    organisation_id=SEEN.organisation_id,
    public_id=Agreement.public_id,
    count=months_later(MONTHS),
)
