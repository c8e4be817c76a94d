"""How metrics of what happened ask for a period, and name the list behind it. 期间与清单参数."""

from ...core.dates import EARLIEST
from ..cut import Cut, month_of
from .base import Sum

BEGINNING = month_of(EARLIEST)
BY_PROGRAMME = frozenset({"period", "locality", "university", "programme"})


def is_from_the_beginning(cut: Cut) -> bool:
    """Whether the period has no beginning: then what happened in a month that nobody knows is counted as well."""
    return cut.first <= BEGINNING


def flow(metric: str, cut: Cut, *parts: str) -> Sum:
    """What happened in the period."""
    first = 0 if is_from_the_beginning(cut) else cut.first
    return Sum(metric, first, cut.last, frozenset(parts) if parts else None)


def months(cut: Cut) -> dict[str, str | int]:
    """The period as the lists of records take it (`records.months`)."""
    return {"months": f"{'' if is_from_the_beginning(cut) else cut.first}-{cut.last}"}


def places(cut: Cut, university: str = "university") -> dict[str, str | int]:
    """Locality and university as the lists of records take them; a university's field has the name given."""
    found: dict[str, str | int] = {}
    if cut.locality:
        found["region"] = cut.locality
    if cut.university_id:
        found[university] = cut.university_id
    return found
