"""Tables of what leaders see. 总览的表."""

from ...core.db import Base
from .frozen import install as install_triggers
from .snapshot import Briefing, BriefingItem, BriefingState, BriefingTemplate, Snapshot
from .totals import OverviewChange, OverviewShare, OverviewTotal

install_triggers(Base.registry.metadata)

__all__ = [
    "Briefing",
    "BriefingItem",
    "BriefingState",
    "BriefingTemplate",
    "OverviewChange",
    "OverviewShare",
    "OverviewTotal",
    "Snapshot",
]
