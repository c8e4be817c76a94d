"""Reading docking cases, always cut to what the reader sees. 企业对接查询。"""

from .board import BoardColumn, board
from .choices import agreements_to_choose, contacts_of, regions_named, sections, sections_named, sees_agreement
from .counting import Share
from .figures import (
    Cell,
    Grouping,
    Outcome,
    StageAverage,
    average_days,
    days_in_stages,
    figures_of,
    funnel,
    outcome_of,
    totals,
)
from .ledger import AGREEMENT, LISTING, Filter, conditions, count_stuck, entries_of, links_of, present

__all__ = [
    "AGREEMENT",
    "LISTING",
    "BoardColumn",
    "Cell",
    "Filter",
    "Grouping",
    "Outcome",
    "Share",
    "StageAverage",
    "agreements_to_choose",
    "average_days",
    "board",
    "conditions",
    "contacts_of",
    "count_stuck",
    "days_in_stages",
    "entries_of",
    "figures_of",
    "funnel",
    "links_of",
    "outcome_of",
    "present",
    "regions_named",
    "sections",
    "sections_named",
    "sees_agreement",
    "totals",
]
