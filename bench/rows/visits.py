"""Visits: of universities to enterprises, and of bureaus to universities."""

from registry.visits.models import Visit, VisitVisibility

from .cast import Cast
from .writing import Row, Rows, seen

BETWEEN_SIDES = 4  # every such visit is between a locality and a university


def rows(first: int, size: int, cast: Cast) -> Rows:
    """One for each agreement."""
    for number in range(first, first + size):
        row = _visit(number, cast)
        yield Visit, row
        yield from seen(VisitVisibility, row, "held", {row["visitor_id"], row["visited_id"]}, cast.above)


def _visit(number: int, cast: Cast) -> Row:
    is_between = number % BETWEEN_SIDES == 0
    visitor, visited = (
        cast.sides() if is_between else (cast.dice.choice(cast.schools), cast.dice.choice(cast.enterprises))
    )
    day = cast.day()
    return {
        "id": number,
        "kind": "reciprocal" if is_between else "enterprise_expansion",
        "state": "held",
        "title_zh": f"{cast.called(visitor)}走访{cast.called(visited)}",
        "owner_id": visitor,
        "visitor_id": visitor,
        "visited_id": visited,
        "employer_key": f"org:{visited}",
        "region_code": cast.places[visited],
        "is_first": None if is_between else cast.dice.choice((True, False, None)),
        "planned_on": day,
        "held_on": day,
        "sort_on": day,
        "findings": "了解用人需求",
        "is_demo": True,
    }
