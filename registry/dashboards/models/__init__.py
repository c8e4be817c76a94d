"""Tables of what leaders see. 总览的表."""

from .totals import OverviewChange, OverviewShare, OverviewTotal

__all__ = ["OverviewChange", "OverviewShare", "OverviewTotal"]
