"""Reading agreements. Everything that a person asks for is cut to what their organisation sees. 协议查询。"""

from .archive import (
    archive_state_of,
    entries_of,
    entry_of,
    number_is_taken,
    owners_steps,
    previous_of,
    settings_of,
)
from .coverage import (
    Coverage,
    Share,
    count_signed,
    coverage,
)
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
from .ledger import (
    COLUMNS,
    Filter,
    count_by_status,
    count_visible,
    list_visible,
    localities,
    parties_of,
    whole,
)
from .numbers import (
    Rules,
    default_prefixes,
    get_numbered,
    highest_taken_over,
    holder_of,
    printed,
    rule_of_year,
    rules_of,
    series_name,
    series_of_year,
    years_of,
)
from .register import (
    Book,
    Gap,
    count_numbers,
    page_of_numbers,
    prefixes_of_year,
)
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
    signatories_of_all,
    staffed,
    with_steps,
)

__all__ = [
    "COLUMNS", "Book", "Coverage", "Filter", "Gap", "Programme", "Rules", "Share", "agreements_in", "all_positions",
    "approvals_of", "archive_state_of", "awaited", "awaited_of", "clearances_of", "count_agreements",
    "count_by_status", "count_events", "count_numbers", "count_signed", "count_visible", "coverage",
    "default_prefixes", "documents_of", "duplicates_of", "entries_of", "entry_of", "event_of", "file_to_sign",
    "get_event", "get_event_for_change", "get_for_change", "get_numbered", "get_scan", "get_visible",
    "highest_taken_over", "holder_of", "linkable", "linked", "list_events", "list_visible", "localities",
    "notice_of", "number_is_taken", "overseen", "owners_steps", "page_of_numbers", "parties_of", "period_of",
    "periods_of", "prefixes_of_year", "previous_of", "printed", "programme_of", "roles_here", "rule_of_year",
    "rules_of", "scans_of_event", "series_name", "series_of_year", "settings_of", "signatories_by_agreement",
    "signatories_of", "signatories_of_all", "signing_copies", "staffed", "ticks_of", "whole", "with_steps", "years_of",
]  # fmt: skip
