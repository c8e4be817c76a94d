"""In whatever order people sign, report, waive, suspend and close: the sums are what the records add up to."""

import os
from decimal import Decimal
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from registry.commitments.models import MILLION
from registry.commitments.queries import seen
from registry.commitments.queries.seen import Seen, Show
from registry.core.dates import today
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.metrics.dictionary import SUBJECTS
from registry.dashboards.queries.figures import figures
from registry.dashboards.services import checking
from registry.dashboards.services.following import turn_the_day
from registry.tasks.enums import Light
from registry.tasks.queries import horizon_now
from tests.agreements.days import make_clock
from tests.commitments.promised import of_three
from tests.commitments.whims import Whims
from tests.states import Begin

pytestmark = pytest.mark.only("sqlite")
EXAMPLES = int(os.environ.get("FIGURE_EXAMPLES", "1"))
STEPS = int(os.environ.get("FIGURE_STEPS", "16"))


@settings(
    max_examples=EXAMPLES,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(luck=st.randoms(use_true_random=True))
def test_sums_are_what_the_records_add_up_to(begin_with: Begin, monkeypatch: pytest.MonkeyPatch, luck: Random) -> None:
    monkeypatch.undo()
    play = Whims(begin_with(of_three), luck, make_clock(monkeypatch))
    try:
        for number in range(STEPS):
            play.step()
            turn_the_day(today())
            if number % 4 == 3:
                look_at(play)
        assert list(checking.differences()) == []
    finally:
        note("; ".join(play.done))


def look_at(play: Whims) -> None:
    """The numbers of promises are as long as their lists, for everybody."""
    cut = Cut.of_month(today())
    cut = Cut(cut.first - 100, cut.last)
    sky = horizon_now()
    for person in play.people:
        found = figures(person, cut, [one.code for one in SUBJECTS["promises"]])
        lists = {
            M.PROMISES_DUE: Seen(sky, Show.DUE, cut.first_day, cut.last_day),
            M.PROMISES_CLOSED: Seen(sky, Show.CLOSED, cut.first_day, cut.last_day),
            M.PROMISES_OVERDUE: Seen(sky, Show.OVERDUE),
            M.LIGHTS_RED: Seen(sky, light=Light.RED),
            M.LIGHTS_YELLOW: Seen(sky, light=Light.YELLOW),
        }
        told = {code: found[code].value for code in lists}
        assert told == {code: seen.count(person, wanted, 1000) for code, wanted in lists.items()}
        due = seen.page(person, lists[M.PROMISES_DUE], 0, 1000)
        kept = [found[code].numerator for code in (M.FULFILMENT, M.FULFILMENT_REPORTED)]
        sums = [sum(getattr(row, name) for row in due) for name in ("verified_millionths", "reported_millionths")]
        assert kept == [Decimal(one) / MILLION for one in sums]
