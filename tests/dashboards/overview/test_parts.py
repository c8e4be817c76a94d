"""Cards, tiles, sparklines and the matrix, made of figures by hand: no database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from registry.core.figures.kinds import Qualifier, Unit
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.base import Figure
from registry.dashboards.metrics.codes import MetricCode as Code
from registry.dashboards.metrics.dictionary import METRICS
from registry.dashboards.overview.cards import Change, cards_of, change_of
from registry.dashboards.overview.heat import level_of, points
from registry.dashboards.overview.matrix import USUAL_COLUMNS, cell_of, matrix_of, shown
from registry.dashboards.overview.tiles import COUNTED, KEPT, fulfilment_of, tiles_of
from registry.dashboards.queries.grid import Place
from registry.dashboards.queries.schools import School
from registry.relationships.enums import Level

DAY = date(2026, 11, 29)
CUT = Cut(202601, 202611)
SIGNED, LATE, KEPT_RATE = METRICS[Code.AGREEMENTS_SIGNED], METRICS[Code.PROMISES_OVERDUE], METRICS[Code.FULFILMENT]


def copies(value: int | None, **more: Any) -> Figure:
    return Figure(value, Unit.COPIES, **more)


def place(code: str, *, is_told: bool = True) -> Place:
    return Place(code, f"{code}市", code, "", 0, 0, is_told)


def test_a_change_says_whether_it_is_good_news() -> None:
    assert change_of(SIGNED, copies(16), copies(8)) == Change(8, "ok", False, 100)
    assert change_of(LATE, copies(3), copies(2)) == Change(1, "bad", False, 50)
    assert change_of(SIGNED, copies(2), copies(2)) == Change(0, "", False, 0)
    assert change_of(SIGNED, copies(2), copies(0)) == Change(2, "ok", False, None)


def test_rates_change_by_points() -> None:
    found = change_of(KEPT_RATE, Figure(Decimal("62.5"), Unit.PERCENT), Figure(Decimal("66.6"), Unit.PERCENT))
    assert found == Change(Decimal("-4.1"), "bad", True, None)
    assert found is not None
    assert found.direction == "down"


@pytest.mark.parametrize(
    ("present", "before"),
    [
        (copies(None), copies(3)),
        (copies(3), copies(None)),
        (copies(100_000, qualifier=Qualifier.AT_LEAST), copies(80_000)),
        (copies(3), copies(1, qualifier=Qualifier.NEARLY)),
        (copies(1000, capped=True), copies(3)),
        (Figure(237, Unit.ENTERPRISES), Figure(1637, Unit.ENTERPRISE_TIMES)),
    ],
)
def test_what_is_not_exactly_known_has_no_difference(present: Figure, before: Figure) -> None:
    assert change_of(SIGNED, present, before) is None


def test_what_is_told_of_now_alone_is_compared_with_nothing() -> None:
    figures = {Code.PROMISES_OVERDUE: copies(2), Code.AGREEMENTS_SIGNED: copies(2)}
    late, signed = cards_of(figures, figures, figures, {})
    assert (late.before, late.change) == (None, None)
    assert signed.before == copies(2)


def test_heat_has_five_levels_and_none_for_nothing() -> None:
    assert [level_of(value, 20) for value in (None, 0, 1, 4, 5, 12, 20)] == [0, 0, 1, 1, 2, 3, 5]
    assert level_of(3, 0) == 0


def test_a_sparkline_leaves_a_gap_where_nobody_reported() -> None:
    first, second = points([1, 2, None, 3, 4])
    assert (len(first.split()), len(second.split())) == (2, 2)
    assert points([1, None, 2]) == points([None]) == points([]) == []
    assert len(points([0, 0, 0])) == 1


def test_tiles_say_which_localities_have_none() -> None:
    places = [place("210100"), place("210200"), place("210300", is_told=False)]
    found = {"210100": {COUNTED: copies(4)}, "210200": {COUNTED: copies(0)}, "210300": {COUNTED: copies(0)}}
    tiles = tiles_of(places, found, CUT)
    assert [(tile.level, tile.has_none) for tile in tiles] == [(5, False), (0, True), (0, False)]
    assert tiles[0].cut == replace(CUT, locality="210100")


def test_rates_stand_in_the_order_of_codes_unless_a_ranking_is_asked_for() -> None:
    places = [place("210100"), place("210200"), place("210300"), place("210400", is_told=False)]
    rates = {"210100": 50, "210200": None, "210300": 80}
    found = {code: {KEPT: Figure(rate, Unit.PERCENT)} for code, rate in rates.items()}
    assert [row.place.code for row in fulfilment_of(places, found, CUT, ranked=False)] == list(rates)
    assert [row.place.code for row in fulfilment_of(places, found, CUT, ranked=True)] == ["210300", "210100", "210200"]


def school(number: int, localities: int = 1) -> School:
    return School(number, f"S{number}", f"高校{number}", "", "", "", localities)


def test_the_matrix_shows_the_universities_with_most_localities_in_their_order() -> None:
    many = [school(number, localities=number) for number in range(1, USUAL_COLUMNS + 6)]
    assert [one.id for one in shown(many, whole=False)] == list(range(6, USUAL_COLUMNS + 6))
    assert shown(many, whole=True) == many
    assert [one.id for one in shown(many, whole=False, only=2)] == [2]


def pair(code: str, number: int, **more: Any) -> Any:
    nothing: dict[str, Any] = {"last_active_on": None, "next_due_on": None, "quiet_said_on": None}
    named = {"locality_code": code, "university_id": number, "public_id": f"{code}-{number}", "level": Level.AGREEMENT}
    return SimpleNamespace(**named, **nothing | more)


def test_the_matrix_leaves_out_localities_that_the_reader_is_not_told_of() -> None:
    places = [place("210100"), place("210200", is_told=False), place("210300", is_told=False)]
    matrix = matrix_of(places, [school(1), school(2)], [pair("210300", 2)], DAY, 3)
    assert [(line.place.code, line.count) for line in matrix.lines] == [("210100", 0), ("210300", 1)]
    assert [cell.public_id if cell else None for cell in matrix.lines[1].cells] == [None, "210300-2"]


def test_a_cell_is_silent_unless_somebody_said_why() -> None:
    long_ago = DAY - timedelta(days=181)
    assert cell_of(pair("210100", 1), DAY).is_silent
    assert cell_of(pair("210100", 1, last_active_on=long_ago), DAY).silent_days == 181
    assert not cell_of(pair("210100", 1, last_active_on=DAY - timedelta(days=180)), DAY).is_silent
    assert not cell_of(pair("210100", 1, last_active_on=long_ago, quiet_said_on=DAY - timedelta(days=3)), DAY).is_silent
    assert cell_of(pair("210100", 1, last_active_on=long_ago, quiet_said_on=long_ago), DAY).is_silent


def test_a_cell_is_due_when_its_day_is_past() -> None:
    assert cell_of(pair("210100", 1, next_due_on=DAY - timedelta(days=1)), DAY).is_due(DAY)
    assert not cell_of(pair("210100", 1, next_due_on=DAY), DAY).is_due(DAY)
    assert not cell_of(pair("210100", 1), DAY).is_due(DAY)
