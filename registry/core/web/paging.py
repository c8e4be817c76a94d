"""Pages of a list: numbered, with a count that stops at 1,000. 分页."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

PAGE_SIZE = 25
COUNT_LIMIT = 1_000
LAST_PAGE = COUNT_LIMIT // PAGE_SIZE


@dataclass(frozen=True)
class Page:
    """One page of rows; `total` above COUNT_LIMIT means more than that."""

    rows: Sequence[Any]
    number: int
    total: int

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.total > COUNT_LIMIT

    @property
    def last(self) -> int:
        """Number of the last page that can be asked for."""
        return max(1, min(LAST_PAGE, -(-self.total // PAGE_SIZE)))


def page_number() -> int:
    """The page asked for in the address; nonsense means the first."""
    given = request.args.get("page", "")
    return min(max(int(given), 1), LAST_PAGE) if given.isdigit() and len(given) < 6 else 1


def offset(number: int) -> int:
    """Rows before page `number`."""
    return (number - 1) * PAGE_SIZE
