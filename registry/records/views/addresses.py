"""Filters read from the address: what cannot be read narrows nothing. 筛选条件."""

from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

from ...core.dates import BadDate, parse_date
from ...core.web.paging import COUNT_LIMIT
from ..months import Months, read_months

Code = TypeVar("Code", bound=StrEnum)
LONGEST_TEXT = 100
PUBLIC_ID = 26


def text(name: str = "q") -> str:
    """The keyword."""
    return request.args.get(name, "").replace("\x00", "").strip()[:LONGEST_TEXT]


def one_of(kind: type[Code], name: str) -> Code | None:
    """A code of an enum."""
    value = request.args.get(name, "")
    return kind(value) if value in set(kind) else None


def identity(name: str) -> str:
    """A public id."""
    return request.args.get(name, "")[:PUBLIC_ID]


def day(name: str) -> date | None:
    """A date in any of the usual ways."""
    try:
        return parse_date(request.args.get(name, ""))
    except BadDate:
        return None


def months(name: str = "months") -> Months | None:
    """Whole months: 202303-202305."""
    return read_months(request.args.get(name, ""))


def narrowed(months: Months | None, **more: object) -> list[tuple[object, tuple[str, ...]]]:
    """What a list is narrowed to beside its fields, in words, with the names that take it away; nothing empty."""
    given = {"months": months.label if months else None} | more
    return [(words, (name,)) for name, words in given.items() if words]


def capped(number: int, most: int | None = None) -> str:
    """A count for a chip: 1,000+ beyond what is counted, or `most` where that is not COUNT_LIMIT."""
    limit = COUNT_LIMIT if most is None else most
    return f"{number:,}" if number <= limit else f"{limit:,}+"
