"""Puts values into a text, once and literally: a value is never read as a text with places of its own."""

import re
from collections.abc import Iterator, Mapping

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
GROUP = re.compile(r"\[\[(.*?)\]\]", re.S)
BLANK = "＿＿＿＿"


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its {{places}} filled.

    A passage in [[double brackets]] is left out when a place in it has no value; any other place without a value
    becomes a line to write on, so that a gap is seen.
    """
    shown = GROUP.sub(lambda group: group[1] if _is_whole(group[1], values) else "", text)
    return PLACE.sub(lambda place: values.get(place[1]) or BLANK, shown)


def _is_whole(passage: str, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for name in places(passage))


def places(text: str) -> Iterator[str]:
    """Names of the places in a text, in order."""
    return (match[1] for match in PLACE.finditer(text))
