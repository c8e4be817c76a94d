"""Story 14: what a leader of the province sees first, with the numbers of the news."""

import pytest

from registry.accounts.models import User
from registry.core.dates import today
from registry.core.figures.kinds import Qualifier, Unit
from registry.core.figures.showing import figure_text
from registry.dashboards.cut import Cut, month_of
from registry.dashboards.metrics.asking import BEGINNING
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.queries.figures import figures
from tests.states import Begin
from tests.stories.test_load import with_stories

SO_FAR = Cut(BEGINNING, month_of(today()))
OF_PLAN = Cut(BEGINNING, month_of(today()), programme="百校千企")
ACTIVITIES = (M.ACTIVITIES_HELD, M.EMPLOYERS, M.POSITIONS, M.PARTICIPANTS)


@pytest.fixture
def leader(begin_with: Begin) -> User:
    return begin_with(with_stories)["liaoning.viewer"]


def shown(leader: User, cut: Cut, *codes: M) -> list[str]:
    found = figures(leader, cut, codes)
    return [figure_text(found[code], "zh") if found[code].value is not None else "—" for code in codes]


def test_the_numbers_of_the_programme(leader: User) -> None:
    """The stops of the series tell no number of their own; the series counts, and no day of it is known."""
    assert shown(leader, OF_PLAN, *ACTIVITIES) == ["10场", "1,637家次", "6.24万个", "100,000余人次（待核）"]
    assert shown(leader, SO_FAR, M.STATIONS, M.MECHANISMS) == ["1个", "1个"]
    assert shown(leader, OF_PLAN, M.STATIONS, M.MECHANISMS) == ["—", "—"]  # they belong to no programme


def test_everything_so_far(leader: User) -> None:
    """With the fair of the launch and the matchmaking of May: enterprises stay apart from enterprise visits."""
    found = figures(leader, SO_FAR, [*ACTIVITIES, M.HIGH_PAID_SHARE, M.INTENTIONS, M.HEADCOUNT])
    assert found[M.ACTIVITIES_HELD].value == 12
    employers = found[M.EMPLOYERS]
    assert (employers.value, employers.unit) == (1637, Unit.ENTERPRISE_TIMES)
    assert [(one.value, one.unit) for one in employers.beside] == [(237, Unit.ENTERPRISES)]
    assert (found[M.POSITIONS].value, found[M.POSITIONS].qualifier) == (67_859, Qualifier.APPROX)
    assert found[M.PARTICIPANTS].doubtful == 1
    share = found[M.HIGH_PAID_SHARE]
    assert (share.numerator, share.denominator, f"{share.value:.1f}") == (949, 5459, "17.4")
    assert figure_text(found[M.INTENTIONS], "zh") == "近100项"
    assert found[M.HEADCOUNT].value is None  # nobody told it: never 0


def test_a_period_has_what_lies_in_it(leader: User) -> None:
    march, year = Cut(202303, 202303), Cut(202301, 202312)
    assert shown(leader, march, *ACTIVITIES) == ["1场", "202家", "5,459个", "—"]
    assert figures(leader, year, [M.ACTIVITIES_HELD])[M.ACTIVITIES_HELD].value == 2
