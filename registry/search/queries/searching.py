"""Who looks for what, and up to how much of it is counted and ranked. 检索条件与上限."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..models import facet
from ..sources.catalogue import SOURCES
from ..sources.organisations import KIND as ORGANISATION
from ..tokens import Wish
from . import matching

LIMIT = 1_000  # hits of a kind that are ranked, and counted where that kind is read page by page
SHORT, WORD = 300, 8  # the same where that is enough, and characters that are more likely a word than a title
COUNTED = 100  # hits of a kind that are counted where it stands among others
WALKED, PROBED = 400, 5  # rows of a list, and the hits among them, that show that its newest hits are soon found
FEW = 600  # hits of all kinds together that are ranked by one question to the index


@dataclass(frozen=True)
class Search:
    """Who looks for what, and which rows are to be shown: of one kind, or of each where none is given."""

    reader: int
    wish: Wish
    kind: str
    offset: int
    most: int
    is_short: bool

    def counted(self, kind: str) -> int:
        """Up to how many hits of a kind are counted."""
        return LIMIT if kind == self.kind else COUNTED

    def limit(self, kind: str) -> int:
        """Up to how many hits of a kind are ranked: of a kind that is not shown, no more than are counted.

        Many where hits may be just what was typed: names of organisations, else what is as long as a title or has
        digits as a number does.
        """
        if not self.shows(kind):
            return COUNTED
        return LIMIT if kind in (self.kind, ORGANISATION) or self.is_whole else SHORT

    @property
    def is_whole(self) -> bool:
        """Whether it may be a whole title or number: one long word of letters is pinyin."""
        phrase = self.wish.phrase
        is_pinyin = phrase.isascii() and len(self.wish.words) == 1
        return (len(phrase) > WORD and not is_pinyin) or any(map(str.isdigit, phrase))

    @property
    def few(self) -> int:
        """Up to how many hits of all kinds together are ranked."""
        return COUNTED if self.is_short else FEW

    def shows(self, kind: str) -> bool:
        """Whether rows of this kind are wanted, and not only their number."""
        return self.kind in ("", kind)

    @property
    def bound(self) -> dict[str, Any]:
        """What every statement is given."""
        words = {f"word_{number}": word for number, word in enumerate(self.wish.words)}
        return words | {"own": facet(self.reader), "line": matching.line_of(self.wish)}

    @property
    def page(self) -> dict[str, Any]:
        """The turns of the rows to show, and of which kind."""
        return {"kind": self.kind, "before": self.offset, "upto": self.offset + self.most}

    @property
    def first(self) -> dict[str, Any]:
        """The same turns; where a kind is read page by page, of any page those that tell whether it can be walked."""
        return {"kind": self.kind, "before": 0, "upto": PROBED if self.kind else self.most}

    def asked(self, kinds: Collection[str]) -> str:
        """The question to the index for some kinds; a list of all kinds would be read for nothing."""
        return matching.in_scope(self.wish, self.reader, kinds if len(kinds) < len(SOURCES) else ())
