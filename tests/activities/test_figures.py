"""Figures of activities: story 7, four eyes, corrections that keep the old figure, doubts that stay visible."""

import pytest
from flask import Flask

from registry.activities import policy
from registry.activities.figure_codes import FigureCode
from registry.activities.inputs import FigureLine, HeldDays
from registry.activities.models import Activity, ActivityFigure
from registry.activities.queries.beside import figures_of
from registry.activities.queries.listing import LISTING, Filter, conditions
from registry.activities.ratios import ratios
from registry.activities.services import entry, figures
from registry.core.dates import Precision, today
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid
from registry.core.figures.kinds import Qualifier, Unit
from registry.core.figures.showing import figure_text
from registry.core.figures.totals import MixedFigures, total
from registry.records.queries import history
from tests.agreements.scene import Scene, make_scene

from .fairs import lines, make_activity, make_series, story_lines


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def figure(activity: Activity, code: str) -> ActivityFigure:
    return next(one for one in activity.current_figures if one.code == code)


def test_the_fair_of_the_launch(scene: Scene) -> None:
    """Story 7: the figures as reported, what is computed of them, and what is refused."""
    with transaction():
        fair = make_activity(scene, figures=story_lines())
    shown = {str(one.code): figure_text(one, "zh") for one in fair.current_figures}
    assert shown == {
        "employers": "202家",
        "positions": "5,459个",
        "positions_over_10k": "949个",
        "on_site": "7,580人",
        "online_viewers": "4.9万人次",
    }
    computed = {str(one.value) for one in ratios({one.code: one for one in fair.current_figures})}
    assert computed == {"17.4", "27.0"}
    with pytest.raises(MixedFigures):
        total([figure(fair, "on_site"), figure(fair, "online_viewers")])
    with pytest.raises(Invalid) as refused, transaction():
        make_activity(scene, figures=story_lines(positions_over_10k="6,000"))
    (message,) = refused.value.fields["figure-positions_over_10k"]
    assert "6,000" in str(message)
    assert "5,459" in str(message)


@pytest.mark.parametrize("text", ["百校千企", "-3", "许多"])
def test_what_is_no_figure_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        make_activity(scene, figures=lines(positions=text))
    assert list(refused.value.fields) == ["figure-positions"]


def test_figures_are_added_but_never_twice(scene: Scene) -> None:
    with transaction():
        fair = make_activity(scene, figures=lines(employers="202"))
    with transaction():
        figures.report(fair, lines(positions="5,459"), scene.bureau.section_head)
    with pytest.raises(Invalid) as refused, transaction():
        figures.report(fair, lines(employers="203"), scene.bureau.handler)
    assert list(refused.value.fields) == ["figure-employers"]
    with pytest.raises(Invalid), transaction():
        figures.report(fair, (), scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        figures.report(fair, lines(resumes="5"), scene.university.handler)
    with pytest.raises(Invalid), transaction():  # above what was entered before
        figures.report(fair, lines(positions_over_10k="6,000"), scene.bureau.handler)


def test_what_has_no_code_is_told_in_the_sources_own_words(scene: Scene) -> None:
    def told(text: str, label: str) -> FigureLine:
        return FigureLine(FigureCode.OTHER, text, label_zh=label)

    with transaction():
        launch = make_activity(scene, figures=(told("15个", "签约地区"), told("4方", "战略合作协议方")))
    shown = {one.label_zh: figure_text(one, "zh") for one in launch.current_figures}
    assert shown == {"签约地区": "15个", "战略合作协议方": "4方"}
    for line in (told("16个", "签约地区"), told("5所", " ")):
        with pytest.raises(Invalid), transaction():
            figures.report(launch, (line,), scene.bureau.handler)
    with transaction():
        figures.report(launch, (told("100天", "百日冲刺"),), scene.bureau.handler)
        better = figures.correct(launch.figures[0], told("14个", "签约地区"), "沈抚另计", scene.bureau.handler)
    assert better in launch.current_figures
    assert len(launch.current_figures) == 3


def test_somebody_else_checks(scene: Scene) -> None:
    with transaction():
        fair = make_activity(scene, figures=story_lines())
    employers = figure(fair, "employers")
    with pytest.raises(Forbidden), transaction():
        figures.check(employers, "", scene.bureau.handler)
    assert not policy.may_check(scene.bureau.seal_keeper, employers)
    assert policy.may_check(scene.university.handler, employers)  # the other side knows it as well
    with transaction():
        figures.check(employers, "", scene.bureau.section_head)
    assert employers.checked_by is scene.bureau.section_head
    assert employers.checked_on == today()
    with pytest.raises(Conflict), transaction():
        figures.check(employers, "", scene.bureau.leader)
    assert LISTING.count(scene.bureau.handler, conditions(Filter(unchecked=True)), 5) == 1
    with transaction():
        for one in fair.current_figures:
            if one is not employers:
                figures.check(one, "", scene.bureau.section_head)
    assert LISTING.count(scene.bureau.handler, conditions(Filter(unchecked=True)), 5) == 0


def test_a_correction_keeps_the_old_figure(scene: Scene) -> None:
    with transaction():
        fair = make_activity(scene, figures=story_lines())
        old = figure(fair, "positions")
        figures.check(old, "", scene.bureau.section_head)
    with pytest.raises(Invalid), transaction():
        figures.correct(old, FigureLine(FigureCode.POSITIONS, "5,495"), "", scene.bureau.handler)
    with transaction():
        new = figures.correct(old, FigureLine(FigureCode.POSITIONS, "5,495"), "抄录颠倒", scene.bureau.handler)
    assert new is figure(fair, "positions")
    assert (new.value, new.replaces_id, new.checked_on) == (5495, old.id, None)
    assert (old.value, old.superseded_reason, old.superseded_by_id) == (5459, "抄录颠倒", scene.bureau.handler.id)
    event = history(fair)[0]
    assert (event.changes, event.reason) == ({"figure_positions": ["5,459个", "5,495个"]}, "抄录颠倒")
    with pytest.raises(Conflict), transaction():
        figures.correct(old, FigureLine(FigureCode.POSITIONS, "1"), "再改", scene.bureau.handler)
    assert figures_of([fair.id])[fair.id][FigureCode.POSITIONS] is new


def test_a_correction_is_checked_with_the_others(scene: Scene) -> None:
    with transaction():
        fair = make_activity(scene, figures=story_lines())
    line = FigureLine(FigureCode.POSITIONS, "900")
    with pytest.raises(Invalid) as refused, transaction():
        figures.correct(figure(fair, "positions"), line, "改正", scene.bureau.handler)
    assert list(refused.value.fields) == ["text"]
    assert figure(fair, "positions").value == 5459


def test_a_wrong_figure_can_be_struck_out(scene: Scene) -> None:
    with transaction():
        fair = make_activity(scene, figures=lines(employers="202", resumes="9"))
        gone = figure(fair, "resumes")
        assert figures.correct(gone, FigureLine(FigureCode.RESUMES), "属于另一场", scene.bureau.handler) is None
    assert [str(one.code) for one in fair.current_figures] == ["employers"]
    assert gone in fair.figures


def test_a_doubtful_figure_waits_until_somebody_says_what_it_means(scene: Scene) -> None:
    with transaction():
        fair = make_series(scene, figures=lines(participants="65,438+10,000", positions="6.24万"))
    doubtful = figure(fair, "participants")
    assert (doubtful.value, doubtful.as_reported, doubtful.needs_check) == (None, "65,438+10,000", True)
    assert figure_text(doubtful, "zh") == "“65,438+10,000”（待核）"
    for reading in ("", "若干", "1万+2万", "许多"):
        with pytest.raises(Invalid) as refused, transaction():
            figures.check(doubtful, reading, scene.bureau.section_head)
        assert list(refused.value.fields) == ["reading"]
    with pytest.raises(Invalid), transaction():  # a sure one is corrected instead
        figures.check(figure(fair, "positions"), "7万", scene.bureau.section_head)
    with transaction():
        figures.check(doubtful, "10万余", scene.bureau.section_head)
    assert (doubtful.value, doubtful.qualifier, doubtful.unit) == (100_000, Qualifier.AT_LEAST, Unit.PERSON_TIMES)
    assert (doubtful.as_reported, doubtful.needs_check) == ("65,438+10,000", False)


def test_before_the_day_figures_are_plans_and_stay_beside_what_came(scene: Scene) -> None:
    with transaction():
        fair = make_activity(scene, is_held=False, held_on=today(), figures=lines(employers="200", positions="5,000"))
    assert {one.qualifier for one in fair.figures} == {Qualifier.PLANNED}
    with transaction():
        entry.hold(fair, HeldDays(today(), None, Precision.DAY), scene.bureau.handler)
        figures.report(fair, lines(employers="202", positions_over_10k="6,000"), scene.bureau.handler)
    assert [(one.value, one.is_planned) for one in fair.current_figures if one.code == "employers"] == [
        (202, False),
        (200, True),
    ]
    with transaction():
        plan = next(one for one in fair.current_figures if one.is_planned)
        better = figures.correct(plan, FigureLine(plan.code, "210"), "计划调整", scene.bureau.handler)
    assert better is not None
    assert better.is_planned
