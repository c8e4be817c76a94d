"""The next meeting of each docking mechanism, for all of its sides. 机制会商."""

from sqlalchemy import select

from ...mechanisms.enums import RUNNING
from ...mechanisms.models import DockingMechanism, MechanismVisibility
from ..rules import Rule
from .base import Source

SOURCE = Source(
    rule=Rule.MEETING,
    kind=DockingMechanism.kind_code,
    statement=select(DockingMechanism.public_id, DockingMechanism.title_zh, DockingMechanism.title_en)
    .join(MechanismVisibility, MechanismVisibility.record_id == DockingMechanism.id)
    .where(DockingMechanism.stage.in_(RUNNING), MechanismVisibility.is_party),
    anchor=DockingMechanism.next_meeting_on,
    number=DockingMechanism.id,
    organisation_id=MechanismVisibility.organisation_id,
    public_id=DockingMechanism.public_id,
)
