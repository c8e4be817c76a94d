"""What a document can hold: looked through before it is laid out, so that the reason names the place. 文字检查.

One paragraph costs the square of its length to lay out, and a character that cannot be printed must not become a box.
The limits are wider than those of the forms (`core.text`, `agreements.schemas`), which values in their places may pass.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from ..core.i18n import Message, msg
from ..core.text import INVISIBLE
from .data import Table, Verification
from .fonts.coverage import describe, missing_characters

LONGEST_TEXT = 20_000
LONGEST_CELL = 500  # in a table whose columns find their own width: 5,000 characters took half a minute
LONGEST_CODED = 500  # what goes into a QR code
LONGEST_DOCUMENT = 300_000
MOST_ROWS = 200
NARROWER: Mapping[type, int] = {Table: LONGEST_CELL, Verification: LONGEST_CODED}
SHOWN = 5

PARTS: Mapping[str, Message] = {
    "title_zh": msg("Title"),
    "title_en": msg("English title"),
    "number": msg("Agreement no."),
    "parties": msg("Parties"),
    "preamble": msg("Preamble"),
    "preamble_en": msg("Preamble"),
    "articles": msg("Articles"),
    "articles_en": msg("Articles in English"),
    "annexes": msg("Annexes"),
    "place": msg("Place of signing"),
    "signatories": msg("Signatories"),
    "seals": msg("Seals"),
    "scans": msg("Scans"),
    "verification": msg("Verification"),
}


def problem(data: Any) -> Message | None:
    """Why this document cannot be printed, naming the part of it; None when it can."""
    length = 0
    for part, number, limit, text in texts(data):
        length += len(text)
        told = (_at_most(limit, len(text)) if len(text) > limit else None) or unprintable(text)
        if told:
            return msg("%(part)s: %(told)s", part=_named(part, number), told=told)
    if length > LONGEST_DOCUMENT:
        return _at_most(LONGEST_DOCUMENT, length)
    if any(len(rows) > MOST_ROWS for rows in _rows(data)):
        return msg("At most %(most)s rows", most=MOST_ROWS)
    return None


def texts(data: Any) -> Iterator[tuple[str, int, int, str]]:
    """Every text of the data: its field, its number there from 1 (0 for the only one), how long it may be, itself."""
    for field in fields(data):
        value = getattr(data, field.name)
        items = enumerate(value, start=1) if isinstance(value, tuple) else [(0, value)]
        for number, item in items:
            yield from ((field.name, number, limit, text) for limit, text in _inner(item, LONGEST_TEXT))


def unprintable(text: str) -> Message | None:
    """Characters of this text that no reader could see as what they are."""
    hidden = [sign for sign in text if INVISIBLE.match(sign) or "\ud800" <= sign <= "\udfff"]
    if hidden:
        return msg("these characters cannot be printed: %(characters)s", characters=_codes(hidden))
    missing = missing_characters(text)
    return msg("no font has these characters: %(characters)s", characters=_few(missing)) if missing else None


def _inner(value: Any, limit: int) -> Iterator[tuple[int, str]]:
    if isinstance(value, str):
        yield limit, value
    elif isinstance(value, tuple):
        for item in value:
            yield from _inner(item, limit)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _inner(getattr(value, field.name), NARROWER.get(type(value), limit))


def _rows(value: Any) -> Iterator[tuple[Any, ...]]:
    """Every list in the data, however deep."""
    if isinstance(value, tuple):
        yield value
    inner = value if isinstance(value, tuple) else ()
    if is_dataclass(value):
        inner = tuple(getattr(value, field.name) for field in fields(value))
    for item in inner:
        yield from _rows(item)


def _at_most(limit: int, length: int) -> Message:
    return msg("At most %(limit)s characters; these are %(length)s", limit=limit, length=length)


def _named(part: str, number: int) -> Message:
    name = PARTS.get(part, msg(part))
    return msg("%(name)s (%(number)s)", name=name, number=number) if number else name


def _codes(signs: list[str]) -> str:
    return "、".join(f"U+{ord(sign):04X}" for sign in list(dict.fromkeys(signs))[:SHOWN])


def _few(signs: list[str]) -> str:
    return describe(signs[:SHOWN])
