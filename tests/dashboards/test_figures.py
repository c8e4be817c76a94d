"""The figures of the stories, as their readers see them, in a number of statements that nothing makes grow."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from registry.accounts.models import User
from registry.agreements import queries
from registry.core.dates import today
from registry.core.db import db
from registry.dashboards.cut import Cut, shifted
from registry.dashboards.facts.agreements import HELD, by_year
from registry.dashboards.metrics.base import FIRST, Reached, Sum
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.metrics.dictionary import METRICS
from registry.dashboards.queries.figures import (
    by_locality,
    by_university,
    figures,
    figures_of,
    reached,
    series,
    series_of,
)
from registry.dashboards.queries.rows import Where, lines, pieces
from registry.dashboards.services import checking, folding
from registry.organisations.models import Organisation
from tests.states import Begin
from tests.stories.test_load import with_stories

MARCH = Cut(202303, 202303)
THIS_MONTH = Cut.of_month(today())


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.fixture
def leader(people: dict[str, User]) -> User:
    return people["liaoning.viewer"]


def told(actor: User, cut: Cut, *codes: M) -> list[object]:
    """Values; of shares the two numbers."""
    found = figures(actor, cut, codes)
    return [(one.numerator, one.denominator) if METRICS[code].is_share else one.value for code, one in found.items()]


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """No more statements than that."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    db.session.connection()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert 0 < len(asked) <= number, "\n".join(asked)


def test_march_2023_brought_sixteen(leader: User) -> None:
    assert told(leader, MARCH, M.AGREEMENTS_SIGNED) == [16]
    assert told(leader, Cut(202304, 202612), M.AGREEMENTS_SIGNED) == [0]  # the day of one nobody knows
    assert told(leader, Cut(202212, 202304), M.AGREEMENTS_SIGNED) == [16]
    assert queries.count_signed(leader, MARCH.first_day, MARCH.last_day) == 16


@pytest.mark.parametrize("cut", [MARCH, THIS_MONTH], ids=["then", "now"])
def test_fifteen_localities_are_covered_and_no_details_complete(leader: User, cut: Cut) -> None:
    coverage = told(leader, cut, M.LOCALITIES_COVERED, M.DETAILS_COMPLETE, M.UNIVERSITIES_COVERED)
    assert coverage == [(15, 15), (0, 15), (0, 112)]
    assert told(leader, cut, M.AGREEMENTS_STRATEGIC, M.NEEDS_DETAILS) == [1, 17]


def test_coverage_is_that_of_the_ledger(people: dict[str, User]) -> None:
    for reader in people.values():
        found = queries.coverage(reader)
        now = told(reader, THIS_MONTH, M.LOCALITIES_COVERED, M.DETAILS_COMPLETE, M.UNIVERSITIES_COVERED)
        assert now == [(one.count, one.of) for one in (found.localities, found.details, found.universities)]
        assert reached(reader, THIS_MONTH, M.LOCALITIES_COVERED) == found.codes


def test_the_one_of_an_unknown_day_is_in_force_since_it_was_entered(leader: User) -> None:
    assert told(leader, MARCH, M.AGREEMENTS_IN_FORCE) == [16]
    assert told(leader, THIS_MONTH, M.AGREEMENTS_IN_FORCE) == [17]
    assert told(leader, Cut(202302, 202302), M.AGREEMENTS_IN_FORCE, M.LOCALITIES_COVERED) == [0, (0, 15)]


def test_a_city_sees_its_own(people: dict[str, User]) -> None:
    anshan = people["anshan.handler"]
    assert told(anshan, MARCH, M.AGREEMENTS_SIGNED, M.LOCALITIES_COVERED) == [1, (1, 15)]
    others = Cut(202303, 202303, locality="210200")
    assert told(anshan, others, M.AGREEMENTS_SIGNED, M.LOCALITIES_COVERED) == [0, (0, 1)]


def test_what_is_narrowed_to_a_locality_is_its_own(leader: User) -> None:
    cut = Cut(202303, 202303, locality="210300")
    assert told(leader, cut, M.AGREEMENTS_SIGNED, M.LOCALITIES_COVERED) == [1, (1, 1)]
    found = by_locality(leader, MARCH, [M.AGREEMENTS_SIGNED, M.LOCALITIES_COVERED, M.UNIVERSITIES_COVERED])
    assert len(found) == 15
    assert {one[M.AGREEMENTS_SIGNED].value for one in found.values()} == {1}
    assert {one[M.LOCALITIES_COVERED].numerator for one in found.values()} == {1}


def test_a_university_has_what_it_signed(leader: User) -> None:
    name = select(Organisation.id).where(Organisation.name_zh == "西北工业大学")
    number = db.session.scalars(name).one()
    found = by_university(leader, THIS_MONTH, [M.AGREEMENTS_IN_FORCE])
    assert {one: figures[M.AGREEMENTS_IN_FORCE].value for one, figures in found.items()} == {number: 1}
    assert told(leader, Cut(THIS_MONTH.first, THIS_MONTH.last, university_id=number), M.AGREEMENTS_FRAMEWORK) == [1]


def test_a_year_of_months(leader: User) -> None:
    found = series(leader, Cut(202306, 202306), M.AGREEMENTS_SIGNED)
    assert [month for month, _figure in found] == [*range(202207, 202213), *range(202301, 202307)]
    assert [figure.value for _month, figure in found] == [0] * 8 + [16, 0, 0, 0]
    held = series(leader, Cut(202306, 202306), M.AGREEMENTS_IN_FORCE)
    assert [figure.value for _month, figure in held] == [0] * 8 + [16] * 4
    covered = series(leader, Cut(202306, 202306), M.LOCALITIES_COVERED)
    assert [figure.numerator for _month, figure in covered] == [0] * 8 + [15] * 4


def test_what_cannot_be_divided_has_no_figure(leader: User) -> None:
    found = figures(leader, Cut(202303, 202303, programme="百日千万"), [M.AGREEMENTS_SIGNED])
    assert found[M.AGREEMENTS_SIGNED].value is None
    assert told(leader, MARCH, M.FULFILMENT) == [(0, 0)]
    assert figures(leader, MARCH, [M.FULFILMENT])[M.FULFILMENT].value is None  # nothing was due


def test_however_many_figures_four_statements_are_enough(leader: User) -> None:
    with at_most(4):
        figures(leader, MARCH, list(METRICS))
    with at_most(4):
        figures_of(leader, [MARCH, MARCH.before(), MARCH.year_before()], list(METRICS))
    with at_most(4):
        series_of(leader, MARCH, list(METRICS))
    with at_most(5):
        by_locality(leader, MARCH, list(METRICS))
    with at_most(4):
        by_university(leader, MARCH, list(METRICS))


def test_folding_changes_no_figure(leader: User) -> None:
    before = figures(leader, MARCH, list(METRICS))
    assert folding.fold_all() > 0
    assert folding.fold_all() == 0
    assert figures(leader, MARCH, list(METRICS)) == before
    assert list(checking.differences()) == []


def test_what_was_in_force_is_read_by_years_and_the_months_of_the_last(leader: User) -> None:
    kind = frozenset({"framework"})
    assert list(pieces(Sum(HELD, FIRST, 202305, kind))) == [
        Sum(by_year(HELD), FIRST, 2022, kind), Sum(HELD, 202301, 202305, kind)
    ]  # fmt: skip
    assert list(pieces(Sum(HELD, 202301, 202305))) == [Sum(HELD, 202301, 202305)]
    where, ends = Where(leader.organisation_id), [shifted(202201, number) for number in range(30)]
    stocks = [Sum(HELD, FIRST, end) for end in ends]
    flows = [Sum(HELD, 0, end) for end in ends]  # one number for all months: read month by month
    found = lines(where, stocks + flows)
    values = [found.add_up(one).value for one in stocks]
    assert values == [found.add_up(one).value for one in flows]
    assert set(values) == {0, 16}


def test_coverage_does_not_tell_parts_apart() -> None:
    with pytest.raises(ValueError, match="framework"):
        Reached("locality", Sum(HELD, parts=frozenset({"framework"})))
