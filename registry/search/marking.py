"""Where the words of a search stand in a text, by its characters or by how they are said; for marking. 命中标记."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, cast

from pypinyin import Style, lazy_pinyin

from .tokens import Wish, folded

Part = tuple[str, bool]


def parts(text: str, wish: Wish) -> list[Part]:
    """The text in pieces, each with whether it was looked for; together they are the text."""
    hit = _hits(text, wish)
    return [
        ("".join(text[place] for place in places), is_hit)
        for is_hit, places in ((key, list(group)) for key, group in groupby(range(len(text)), hit.__contains__))
    ]


def _hits(text: str, wish: Wish) -> set[int]:
    """Places of characters that were looked for; pinyin and initials only where the characters themselves were not."""
    units = [folded(one) or " " for one in text]
    found: set[int] = set()
    for word in wish.words:
        literal = set(_places(units, word))
        if not literal and word.isascii():
            literal = set(_places(_said(text), word)) or set(_places(_said(text, Style.FIRST_LETTER), word))
        found |= literal
    return found


def _said(text: str, style: Style = Style.NORMAL) -> list[str]:
    """How each character is said; what is not Chinese stands for itself."""
    each = lambda others: [folded(one) or " " for one in others]  # noqa: E731 - its own types know strings only
    return list(lazy_pinyin(text, style=style, errors=cast("Any", each)))


def _places(units: Sequence[str], word: str) -> Iterator[int]:
    """The units in which the word stands when they are read one after the other."""
    owners = [place for place, unit in enumerate(units) for _letter in unit]
    joined = "".join(units)
    start = joined.find(word)
    while start >= 0:
        yield from owners[start : start + len(word)]
        start = joined.find(word, start + 1)
