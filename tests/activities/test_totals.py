"""What activities add up to: nothing twice, units apart, plans never among what came."""

from collections.abc import Iterable
from datetime import date

import pytest
from flask import Flask

from registry.activities.enums import ActivityKind
from registry.activities.figure_codes import FigureCode
from registry.activities.inputs import FigureLine
from registry.activities.queries.listing import Filter, Level, conditions
from registry.activities.queries.totals import Sum, sums_of_parts, totals
from registry.activities.services import figures
from registry.core.db import transaction
from registry.core.figures.kinds import Qualifier, Unit
from registry.core.figures.showing import figure_text
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side

from .fairs import lines, make_activity, make_part, make_series, story_lines


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def found(scene: Scene, wanted: Filter | None = None) -> dict[FigureCode, list[Sum]]:
    return totals(scene.bureau.handler, conditions(wanted or Filter()))


def values(sums: Iterable[Sum]) -> dict[Unit | None, object]:
    return {one.unit: one.value for one in sums}


def test_a_series_own_figure_stands_for_its_parts(scene: Scene) -> None:
    with transaction():
        series = make_series(scene, figures=lines(employers="1,637", activities="10"))
        for _ in range(2):
            make_part(scene, series, figures=lines(employers="100家", positions="2,000"))
        make_activity(scene, figures=lines(employers="202家", positions="5,459"))
    sums = found(scene)
    assert values(sums[FigureCode.EMPLOYERS]) == {Unit.ENTERPRISE_TIMES: 1637, Unit.ENTERPRISES: 202}
    assert values(sums[FigureCode.POSITIONS]) == {Unit.POSITIONS: 9459}
    assert values(sums[FigureCode.ACTIVITIES]) == {Unit.EVENTS: 11}


def test_without_a_figure_of_its_own_a_series_is_the_sum_of_its_parts(scene: Scene) -> None:
    with transaction():
        series = make_series(scene)
        make_part(scene, series, figures=lines(employers="100家"))
        make_part(scene, series, figures=lines(employers="80家"))
    assert values(found(scene)[FigureCode.EMPLOYERS]) == {Unit.ENTERPRISES: 180}
    assert values(found(scene)[FigureCode.ACTIVITIES]) == {Unit.EVENTS: 2}
    only_series = found(scene, Filter(level=Level.SERIES))
    assert values(only_series[FigureCode.EMPLOYERS]) == {Unit.ENTERPRISES: 180}
    assert values(only_series[FigureCode.ACTIVITIES]) == {Unit.EVENTS: 2}


def test_parts_alone_count_by_themselves(scene: Scene) -> None:
    with transaction():
        series = make_series(scene, figures=lines(employers="1,637"), held_on=date(2023, 3, 1))
        make_part(scene, series, figures=lines(employers="100家"), held_on=date(2023, 4, 1))
    april = found(scene, Filter(since=date(2023, 4, 1)))
    assert values(april[FigureCode.EMPLOYERS]) == {Unit.ENTERPRISES: 100}
    march = found(scene, Filter(until=date(2023, 3, 31)))
    assert values(march[FigureCode.EMPLOYERS]) == {Unit.ENTERPRISE_TIMES: 1637}


def test_a_series_figure_that_says_no_number_hides_no_part(scene: Scene) -> None:
    with transaction():
        series = make_series(scene, figures=lines(positions="若干"))
        make_part(scene, series, figures=lines(positions="300"))
    (positions,) = found(scene)[FigureCode.POSITIONS]
    assert (positions.value, positions.missing, positions.qualifier) == (300, 1, Qualifier.AT_LEAST)


def test_units_are_never_added_together(scene: Scene) -> None:
    with transaction():
        make_activity(scene, figures=story_lines())
        make_activity(scene, figures=lines(on_site="1,000人次", online_viewers="200人"))
    sums = found(scene)
    assert values(sums[FigureCode.ON_SITE]) == {Unit.PEOPLE: 7580, Unit.PERSON_TIMES: 1000}
    assert values(sums[FigureCode.ONLINE_VIEWERS]) == {Unit.PERSON_TIMES: 49000, Unit.PEOPLE: 200}


def test_what_would_be_counted_again_and_again_is_not_added(scene: Scene) -> None:
    own_words = FigureLine(FigureCode.OTHER, "14个", label_zh="签约地区")
    with transaction():
        for _ in range(2):
            make_activity(scene, figures=(*lines(universities="15", cities="14", positions="5"), own_words))
    assert set(found(scene)) == {FigureCode.POSITIONS, FigureCode.ACTIVITIES}


def test_plans_cancelled_and_corrected_figures_do_not_count(scene: Scene) -> None:
    with transaction():
        series = make_series(scene, figures=lines(activities="计划15,000场", online_activities="14"))
        make_activity(scene, is_held=False, held_on=date(2099, 1, 1), figures=lines(positions="500"))
        fair = make_activity(scene, kind=ActivityKind.MEETING, figures=lines(positions="300"))
        figures.correct(fair.figures[0], FigureLine(FigureCode.POSITIONS, "200"), "抄错", scene.bureau.handler)
    sums = found(scene)
    assert series.figures[0].qualifier is Qualifier.PLANNED
    assert FigureCode.ACTIVITIES not in sums
    assert values(sums[FigureCode.ONLINE_ACTIVITIES]) == {Unit.EVENTS: 14}
    assert values(sums[FigureCode.POSITIONS]) == {Unit.POSITIONS: 200}


def test_a_sum_is_as_sure_as_its_figures(scene: Scene) -> None:
    with transaction():
        make_series(scene, figures=(FigureLine(FigureCode.PARTICIPANTS, "65,438+10,000", reading="10万余"),))
    (one,) = found(scene)[FigureCode.PARTICIPANTS]
    assert (one.value, one.qualifier, one.doubtful) == (100_000, Qualifier.AT_LEAST, 1)
    assert figure_text(one, "zh") == "100,000余人次（待核）"
    with transaction():
        make_activity(scene, figures=lines(cooperation_intentions="近百"))
        make_activity(scene, figures=lines(cooperation_intentions="近50"))
    (both,) = found(scene)[FigureCode.COOPERATION_INTENTIONS]
    assert (both.value, both.qualifier) == (150, Qualifier.APPROX)


def test_only_what_the_reader_sees_counts(scene: Scene) -> None:
    with transaction():
        make_activity(scene, figures=story_lines())
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    assert FigureCode.EMPLOYERS in totals(scene.university.handler, ())
    assert totals(stranger.handler, ()) == {}


def test_parts_stand_beside_the_series_total(scene: Scene) -> None:
    with transaction():
        series = make_series(scene, figures=lines(positions="6.24万"))
        make_part(scene, series, figures=lines(positions="2,000"))
        make_part(scene, series, figures=lines(positions="约3,000", employers="20"))
    sums = sums_of_parts(series, scene.bureau.handler)
    assert [(one.value, one.qualifier) for one in sums[FigureCode.POSITIONS]] == [(5000, Qualifier.APPROX)]
    assert values(sums[FigureCode.EMPLOYERS]) == {Unit.ENTERPRISES: 20}
