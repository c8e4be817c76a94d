"""What other packages' pages are told from sums is what the records add up to, for everybody and every filter."""

from itertools import product

import pytest

from registry.accounts.models import User
from registry.activities.queries import totals
from registry.activities.queries.listing import Filter as Activities
from registry.activities.queries.listing import conditions as activities
from registry.core.access.scope import set_viewer
from registry.dashboards.queries.asked import docking_kept, totals_kept
from registry.docking.enums import Stage
from registry.docking.queries import Filter as Cases
from registry.docking.queries import average_days, conditions, funnel
from registry.docking.queries.figures import figures_of
from registry.records.months import Months
from tests.states import Begin

from .plenty import SPRING, with_plenty

REGIONS = ("", "210300", "210100")
PROGRAMMES = ("", SPRING, "未曾有过的行动")
People = dict[str, User]


@pytest.fixture
def people(begin_with: Begin) -> People:
    return begin_with(with_plenty)


def schools(people: People) -> list[str]:
    """None, one with something, and a bureau, which no sums are kept of."""
    return ["", people["school"].organisation.public_id, people["shenyang"].organisation.public_id]


def test_activities_add_up_to_the_same(people: People) -> None:
    answered = 0
    for person in people.values():
        set_viewer(person.organisation_id)
        for region, school, programme in product(REGIONS, schools(people), PROGRAMMES):
            wanted = Activities(region=region, university=school, programme=programme)
            plain = totals.totals(person, activities(wanted))
            assert _sorted(totals.totals_of(person, wanted)) == _sorted(plain), (person.username, wanted)
            answered += totals_kept(person, wanted) is not None and bool(plain)
    assert answered > 20


def _sorted(sums: totals.Sums) -> dict[object, list[totals.Sum]]:
    return {code: sorted(some, key=lambda one: str(one.unit)) for code, some in sums.items()}


def test_docking_cases_add_up_to_the_same(people: People) -> None:
    answered = 0
    for person in people.values():
        set_viewer(person.organisation_id)
        for region, school in product(REGIONS, schools(people)):
            wanted = Cases(region=region, university=school)
            narrowing = list(conditions(wanted))
            plain = (funnel(person, None, narrowing), average_days(person, narrowing))
            assert figures_of(person, None, wanted) == plain
            answered += docking_kept(person, wanted) is not None and bool(plain[0]) and bool(plain[1])
    assert answered > 3


def test_what_no_sums_are_kept_of_is_added_up(people: People) -> None:
    person, bureau = people["shenyang"], people["shenyang"].organisation.public_id
    set_viewer(person.organisation_id)
    months = Months(202301, 202312)
    assert [totals_kept(person, one) for one in (
        Activities(text="招聘"), Activities(months=months), Activities(region="210381"), Activities(university=bureau),
    )] == [None] * 4  # fmt: skip
    assert [docking_kept(person, one) for one in (
        Cases(text="示例"), Cases(reached=Stage.POSTED), Cases(region="210381"), Cases(university=bureau),
    )] == [None] * 4  # fmt: skip
