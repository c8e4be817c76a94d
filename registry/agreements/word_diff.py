"""Two texts side by side with the words marked that differ. 文本对照."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
MOST_TOKENS = 6000
"""Matching costs the square of it; a longer text is marked as a whole."""


@dataclass(frozen=True)
class Run:
    """A stretch of text; `changed` where the other side has something else."""

    text: str
    changed: bool


def compare(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts in runs. A Chinese character, a Latin word and a number are compared whole."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) > MOST_TOKENS or len(new) > MOST_TOKENS:
        changed = before != after
        return tuple(_runs([(before, changed)])), tuple(_runs([(after, changed)]))
    codes = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    left = [("".join(old[one:two]), tag != "equal") for tag, one, two, _three, _four in codes]
    right = [("".join(new[three:four]), tag != "equal") for tag, _one, _two, three, four in codes]
    return tuple(_runs(left)), tuple(_runs(right))


def _runs(pieces: Sequence[tuple[str, bool]]) -> Iterator[Run]:
    for text, changed in pieces:
        if text:
            yield Run(text, changed)
