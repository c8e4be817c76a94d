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
    return min(max(int(given), 1), LAST_PAGE) if given.isdecimal() and len(given) < 6 else 1


def offset(number: int) -> int:
    """Rows before page `number`."""
    return (number - 1) * PAGE_SIZE


def page_window(page: Page, around: int = 2) -> list[int | None]:
    """Numbers to show: the first, the last, and those around the present one; None stands for a gap."""
    near = {1, page.last, *range(page.number - around, page.number + around + 1)}
    shown: list[int | None] = []
    for number in sorted(one for one in near if 1 <= one <= page.last):
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown
