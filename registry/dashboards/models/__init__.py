"""Tables of what leaders see. 总览的表."""

from ...core.db import Base
from .files import BriefingFile, FileForm
from .frozen import install as install_triggers
from .snapshot import Briefing, BriefingItem, BriefingState, BriefingTemplate, Snapshot
from .totals import OverviewChange, OverviewShare, OverviewTotal

install_triggers(Base.registry.metadata)

__all__ = [
    "Briefing",
    "BriefingFile",
    "BriefingItem",
    "BriefingState",
    "BriefingTemplate",
    "FileForm",
    "OverviewChange",
    "OverviewShare",
    "OverviewTotal",
    "Snapshot",
]
