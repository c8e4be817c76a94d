"""Reads the filter of the overview from the address; what cannot be read narrows nothing. 筛选条件。"""

from collections.abc import Mapping
from datetime import date

from flask import request

from ...core.dates import today
from ...records.views import addresses
from ..metrics.asking import BEGINNING
from ..overview.page import Asked
from ..overview.periods import USUAL, Period, Span, named, period_of, read_month

NAMES = ("period", "from", "to", "locality", "university", "programme", "order", "matrix")
RATE, ALL = "rate", "all"


def asked() -> Asked:
    """The filter of the present address."""
    return Asked(
        period=_period(today()),
        locality=addresses.text("locality")[:6],
        university=addresses.identity("university"),
        programme=addresses.text("programme"),
        ranked=request.args.get("order") == RATE,
        whole=request.args.get("matrix") == ALL,
    )


def _period(day: date) -> Period:
    """The form sends its months along with what was chosen before: only other months are a choice of their own."""
    first, last = read_month(addresses.text("from")), read_month(addresses.text("to"))
    period = period_of(addresses.one_of(Span, "period") or USUAL, day, first, last)
    is_other = bool(first or last) and (first or BEGINNING, last or period.last) != (period.first, period.last)
    return named(period_of(Span.CUSTOM, day, first, last), day) if is_other else period


def kept() -> Mapping[str, str]:
    """The filter as it stands in the address, for links to the overview and to the wall."""
    return {name: request.args[name] for name in NAMES if request.args.get(name)}
