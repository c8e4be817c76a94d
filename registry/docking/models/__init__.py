"""Tables of enterprise docking. 企业对接数据表."""

from .case import DockingCase, DockingVisibility
from .entry import DockingLink, DockingStageEntry

__all__ = ["DockingCase", "DockingLink", "DockingStageEntry", "DockingVisibility"]
