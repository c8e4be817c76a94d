"""The figures of the stories: coverage, details complete, what was new in March 2023; in a bounded number of queries."""

from datetime import date

import pytest

from registry.accounts.models import User
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.metrics.dictionary import METRICS
from registry.dashboards.queries.figures import figures
from registry.dashboards.services import checking
from tests.states import Begin
from tests.stories.test_load import with_stories

MARCH = Cut(202303, 202303)
NOW = Cut.of_month(date.today())


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


def told(actor: User, cut: Cut, *codes: M) -> list[object]:
    found = figures(actor, cut, codes)
    return [(one.numerator, one.denominator) if METRICS[code].is_share else one.value for code, one in found.items()]


def test_march_2023_brought_sixteen(people: dict[str, User]) -> None:
    leader = people["liaoning.viewer"]
    assert told(leader, MARCH, M.AGREEMENTS_SIGNED) == [16]
    assert told(leader, Cut(202304, 202612), M.AGREEMENTS_SIGNED) == [0]
    assert told(leader, Cut(202301, 202312), M.AGREEMENTS_SIGNED) == [16]


@pytest.mark.parametrize("cut", [MARCH, NOW])
def test_fifteen_localities_are_covered_no_details_are_complete(people: dict[str, User], cut: Cut) -> None:
    found = told(
        people["liaoning.viewer"], cut, M.LOCALITIES_COVERED, M.DETAILS_COMPLETE, M.UNIVERSITIES_COVERED,
        M.AGREEMENTS_STRATEGIC,
    )  # fmt: skip
    assert found == [(15, 15), (0, 15), (0, 112), 1]
    print(told(people["liaoning.viewer"], cut, *METRICS))


def test_check(people: dict[str, User]) -> None:
    assert list(checking.differences()) == []
