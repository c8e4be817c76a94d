"""Reading agreements. Everything that a person asks for is cut to what their organisation sees. 协议查询。"""

from .ledger import (
    COLUMNS,
    Filter,
    count_by_status,
    count_visible,
    list_visible,
    localities,
    parties_of,
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
    staffed,
    with_steps,
)

__all__ = [
    "COLUMNS", "Book", "Filter", "Gap", "Rules", "approvals_of", "awaited", "awaited_of", "clearances_of",
    "count_by_status", "count_numbers", "count_visible", "default_prefixes", "documents_of", "duplicates_of",
    "file_to_sign", "get_for_change", "get_numbered", "get_visible", "highest_taken_over", "holder_of", "linked",
    "list_visible", "localities", "notice_of", "overseen", "page_of_numbers", "parties_of", "period_of", "periods_of",
    "prefixes_of_year", "printed", "roles_here", "rule_of_year", "rules_of", "series_name", "series_of_year",
    "signatories_of", "staffed", "with_steps", "years_of",
]  # fmt: skip
