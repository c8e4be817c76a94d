"""Reading agreements. Everything that a person asks for is cut to what their organisation sees. 协议查询。"""

from .ledger import COLUMNS, Filter, count_by_status, count_visible, list_visible, localities, parties_of
from .single import (
    approvals_of,
    awaited,
    awaited_of,
    clearances_of,
    documents_of,
    duplicates_of,
    file_to_sign,
    get_for_change,
    get_visible,
    linked,
    notice_of,
    overseen,
    period_of,
    periods_of,
    roles_here,
    signatories_of,
    staffed,
    with_steps,
)

__all__ = [
    "COLUMNS", "Filter", "approvals_of", "awaited", "awaited_of", "clearances_of", "count_by_status",
    "count_visible", "documents_of", "duplicates_of", "file_to_sign", "get_for_change", "get_visible",
    "linked", "list_visible", "localities", "notice_of", "overseen", "parties_of", "period_of", "periods_of",
    "roles_here", "signatories_of", "staffed", "with_steps",
]  # fmt: skip
