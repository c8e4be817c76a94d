"""Relationships in which nothing happened, and nobody said why, for 180 days; for both sides. 关系静默.

Counted from the last thing that happened or the last reason, whichever is later. Where no day of anything is known
nothing is counted: the task that the registry opens for it is told of like any other.
"""

from sqlalchemy import case, select

from ...relationships.enums import DORMANT_AFTER
from ...relationships.models import Relationship, RelationshipVisibility
from ..rules import Rule
from .base import Source, days_later

# The task that the registry opens for the two: this rule tells of the same.
COVERED_TASKS = "relationship-silent:%"
_said_later = Relationship.quiet_said_on > Relationship.last_active_on

SOURCE = Source(
    rule=Rule.DORMANCY,
    kind=Relationship.kind_code,
    statement=select(Relationship.public_id, Relationship.title_zh, Relationship.title_en)
    .join(RelationshipVisibility, RelationshipVisibility.record_id == Relationship.id)
    .where(RelationshipVisibility.is_party, Relationship.last_active_on.is_not(None), Relationship.records.any()),
    anchor=case((_said_later, Relationship.quiet_said_on), else_=Relationship.last_active_on),
    number=Relationship.id,
    organisation_id=RelationshipVisibility.organisation_id,
    public_id=Relationship.public_id,
    count=days_later(DORMANT_AFTER.days),
)
