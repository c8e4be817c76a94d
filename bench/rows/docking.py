"""Docking cases of an enterprise and a university on their way through the stages, with what was counted at each."""

from datetime import date, timedelta

from registry.docking.enums import LAST, Stage
from registry.docking.models import DockingCase, DockingStageEntry, DockingVisibility
from registry.docking.models.case import STUCK_AFTER

from .cast import Cast
from .writing import Row, Rows, every, seen

EVERY = 10
STEP = timedelta(days=20)
HALF_A_YEAR = timedelta(days=184)
COUNTS: dict[Stage, tuple[tuple[str, int], ...]] = {
    Stage.REGISTERED: (("posts", 6), ("headcount", 30)),
    Stage.VERIFIED: (("posts", 6), ("headcount", 30)),
    Stage.POSTED: (("posts", 6), ("headcount", 30)),
    Stage.FAIR: (("entrants", 200), ("resumes", 120)),
    Stage.INTERVIEW: (("interviewed", 60),),
    Stage.OFFER: (("offers", 30),),
    Stage.SIGNED: (("signed", 24),),
    Stage.ONBOARDED: (("onboarded", 20),),
    Stage.RETAINED_6M: (("retained", 17),),
    Stage.RETAINED_12M: (("retained", 15),),
}
NAMES = sorted({name for counts in COUNTS.values() for name, _count in counts})


def rows(first: int, size: int, cast: Cast) -> Rows:
    """One for every ten agreements."""
    for number in every(EVERY, first, size):
        bureau, school = cast.sides()
        row, days = _case(number, bureau, school, cast)
        yield DockingCase, row
        for stage, day in days.items():
            yield DockingStageEntry, _entry(number, stage, day)
        state = "lost" if row["drop_reason"] else row["stage"]
        yield from seen(DockingVisibility, row, state, {bureau, school, row["enterprise_id"]}, cast.above)


def _case(number: int, bureau: int, school: int, cast: Cast) -> tuple[Row, dict[Stage, date]]:
    enterprise, stage = cast.dice.choice(cast.enterprises), cast.dice.choice(list(Stage))
    days = _days(cast.day(), stage, cast.now)
    reached = list(days)[-1]
    last = days[reached]
    is_lost = reached is not LAST and cast.dice.random() < 0.2
    is_waiting = not is_lost and reached is not LAST
    row: Row = {
        "id": number,
        "title_zh": f"{cast.called(enterprise)}对接{cast.called(school)}",
        "owner_id": bureau,
        "enterprise_id": enterprise,
        "university_id": school,
        "bureau_id": bureau,
        "region_code": cast.places[bureau],
        "stage": reached,
        "sort_on": last,
        "stuck_on": last + STUCK_AFTER if is_waiting else None,
        "drop_reason": "pay" if is_lost else None,
        "lost_on": min(last + STEP, cast.now) if is_lost else None,
        "is_demo": True,
    }
    return row, days


def _days(first: date, furthest: Stage, now: date) -> dict[Stage, date]:
    """Each stage up to the furthest that may have been reached by now; who stayed is known half a year later."""
    found, day = {}, first
    for stage in Stage:
        if stage.position > furthest.position or day > now:
            break
        found[stage] = day
        day += HALF_A_YEAR if stage.position >= Stage.ONBOARDED.position else STEP
    return found


def _entry(number: int, stage: Stage, day: date) -> Row:
    counts = dict(COUNTS.get(stage, ()))
    return {
        "case_id": number,
        "stage": stage,
        "position": stage.position,
        "status": "reached",
        "actual_on": day,
    } | {name: counts.get(name) for name in NAMES}
