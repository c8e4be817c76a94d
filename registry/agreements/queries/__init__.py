"""Reading agreements. Everything that a person asks for is cut to what their organisation sees. 协议查询。"""

from .archive import archive_state_of, entries_of, entry_of, number_is_taken, owners_steps, previous_of, settings_of
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
    overseen,
    roles_here,
    signatories_of,
    staffed,
    with_steps,
)

__all__ = [
    "COLUMNS", "Filter", "approvals_of", "archive_state_of", "awaited", "awaited_of", "clearances_of",
    "count_by_status", "count_visible", "documents_of", "duplicates_of", "entries_of", "entry_of", "file_to_sign",
    "get_for_change", "get_visible", "list_visible", "localities", "number_is_taken", "overseen",
    "owners_steps", "parties_of", "previous_of", "roles_here", "settings_of", "signatories_of", "staffed", "with_steps",
]  # fmt: skip
