"""Where the words of a search stand in a text, by its characters or by how they are said; for marking. 命中标记."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, cast

from pypinyin import lazy_pinyin

from .tokens import Wish, folded

Part = tuple[str, bool]
CHARACTERS, PIECES = 8_192, 4_096  # that are kept; telling how something is said takes by far the longest
SEPARATED = re.compile(r"\w+|\W+")  # names of parties come again and again


def parts(text: str, wish: Wish) -> list[Part]:
    """The text in pieces, each with whether it was looked for; together they are the text."""
    hit = _hits(text, wish)
    return [
        ("".join(text[place] for place in places), is_hit)
        for is_hit, places in ((key, list(group)) for key, group in groupby(range(len(text)), hit.__contains__))
    ]


def _hits(text: str, wish: Wish) -> set[int]:
    """Places of characters that were looked for; pinyin and initials only where the characters themselves were not."""
    units = [_unit(one) for one in text]
    found: set[int] = set()
    for word in wish.words:
        literal = set(_places(units, word))
        if not literal and word.isascii() and not text.isascii():
            said = [one for piece in SEPARATED.findall(text) for one in _said(piece)]
            literal = set(_places(said, word)) or set(_places(_initials(said, units), word))
        found |= literal
    return found


@lru_cache(CHARACTERS)
def _unit(character: str) -> str:
    return folded(character) or " "


@lru_cache(PIECES)
def _said(piece: str) -> tuple[str, ...]:
    """How each character is said; what is not Chinese stands for itself."""
    each = lambda others: [_unit(one) for one in others]  # noqa: E731 - its own types know strings only
    return tuple(lazy_pinyin(piece, errors=cast("Any", each)))


def _initials(said: Sequence[str], units: Sequence[str]) -> list[str]:
    return [one if one == unit else one[:1] for one, unit in zip(said, units, strict=True)]


def _places(units: Sequence[str], word: str) -> Iterator[int]:
    """The units in which the word stands when they are read one after the other."""
    owners = [place for place, unit in enumerate(units) for _letter in unit]
    joined = "".join(units)
    start = joined.find(word)
    while start >= 0:
        yield from owners[start : start + len(word)]
        start = joined.find(word, start + 1)
