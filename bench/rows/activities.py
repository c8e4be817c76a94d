"""Fairs and talks of a bureau at a university, with the figures that were told of them."""

from registry.activities.models import Activity, ActivityFigure, ActivityParty, ActivityVisibility

from .cast import Cast
from .writing import Row, Rows, every, repeated, seen

EVERY = 5
KINDS = {"campus_fair": "专场招聘会", "job_fair": "招聘会", "two_way_fair": "双选会", "talk": "宣讲会"}
STATES = repeated({"held": 8, "planned": 1, "cancelled": 1})
PROGRAMMES = ("", "", "百校千企", "书记市长人才周")
FIGURES = (
    ("employers", "enterprises", 20, 300),
    ("positions", "positions", 300, 9_000),
    ("headcount", "people", 500, 12_000),
    ("participants", "people", 200, 8_000),
    ("intentions", "people", 20, 900),
)
QUALIFIERS = repeated({"exact": 6, "at_least": 1, "approx": 1})


def rows(first: int, size: int, cast: Cast) -> Rows:
    """One for every five agreements."""
    for number in every(EVERY, first, size):
        bureau, school = cast.sides()
        sides = {"organiser": bureau, "host": school, "participant": cast.dice.choice(cast.enterprises)}
        row = _activity(number, bureau, school, cast)
        yield Activity, row
        for position, (part, one) in enumerate(sides.items(), start=1):
            party = {"activity_id": number, "position": position, "part": part, "organisation_id": one}
            yield ActivityParty, party
        yield from seen(ActivityVisibility, row, row["state"], set(sides.values()), cast.above)
        if row["state"] == "held":
            yield from _figures(number, cast)


def _activity(number: int, bureau: int, school: int, cast: Cast) -> Row:
    kind, word = cast.dice.choice(list(KINDS.items()))
    day, state = cast.day(), cast.dice.choice(STATES)
    return {
        "id": number,
        "kind": kind,
        "state": state,
        "title_zh": f"{cast.called(bureau)[:3]}走进{cast.called(school)}{word}",
        "owner_id": bureau,
        "held_on": day,
        "held_precision": "day",
        "ends_on": day,
        "sort_on": day,
        "region_code": cast.places[school],
        "programme": cast.dice.choice(PROGRAMMES),
        "cancel_reason": "改期未定" if state == "cancelled" else "",
        "is_demo": True,
    }


def _figures(number: int, cast: Cast) -> Rows:
    """Each as sure as the dice say; one in ten is doubtful, one in twenty is words only."""
    for code, unit, least, most in FIGURES:
        value = None if cast.dice.random() < 0.05 else cast.dice.randint(least, most)
        is_doubtful = value is None or cast.dice.random() < 0.1
        yield (
            ActivityFigure,
            {
                "activity_id": number,
                "code": code,
                "value": value,
                "unit": unit,
                "qualifier": cast.dice.choice(QUALIFIERS),
                "as_reported": "若干" if value is None else str(value),
                "needs_check": is_doubtful,
            },
        )
