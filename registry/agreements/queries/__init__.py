"""Reading agreements. Everything that a person asks for is cut to what their organisation sees. 协议查询。"""

from .coverage import Coverage, Share, count_signed, coverage
from .events import (
    Programme,
    agreements_in,
    all_positions,
    count_agreements,
    count_events,
    event_of,
    get_event,
    get_event_for_change,
    get_scan,
    linkable,
    list_events,
    programme_of,
    scans_of_event,
    signatories_by_agreement,
    signing_copies,
    ticks_of,
)
from .ledger import COLUMNS, Filter, count_by_status, count_visible, list_visible, localities, parties_of, whole
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
    "COLUMNS", "Coverage", "Filter", "Programme", "Share", "agreements_in", "all_positions", "approvals_of",
    "awaited", "awaited_of", "clearances_of", "count_agreements", "count_by_status", "count_events",
    "count_signed", "count_visible", "coverage", "documents_of", "duplicates_of", "event_of", "file_to_sign",
    "get_event", "get_event_for_change", "get_for_change", "get_scan", "get_visible", "linkable", "list_events",
    "list_visible", "localities", "overseen", "parties_of", "programme_of", "roles_here", "scans_of_event",
    "signatories_by_agreement", "signatories_of", "signing_copies", "staffed", "ticks_of", "whole", "with_steps",
]  # fmt: skip
