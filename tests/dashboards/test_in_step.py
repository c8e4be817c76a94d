"""Sums stay in step with activities, visits and agreements visited, whatever of them changes; recounting says so."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.activities.enums import ActivityKind, Part
from registry.activities.figure_codes import FigureCode
from registry.activities.inputs import FigureLine, HeldDays, PartyLine
from registry.activities.queries.listing import Filter, Level, conditions
from registry.activities.queries.totals import totals
from registry.activities.services import entry
from registry.activities.services import figures as activity_figures
from registry.agreements.services import lifecycle
from registry.bases import services as bases
from registry.core.dates import Precision, today
from registry.core.db import transaction
from registry.dashboards.cut import Cut, month_of
from registry.dashboards.metrics.asking import BEGINNING
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.queries.figures import figures
from registry.dashboards.services import checking
from registry.organisations.models import OrganisationKind
from registry.organisations.services import merging
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.services import entry as visits
from tests.activities.fairs import details, lines, make_activity, make_part, make_series
from tests.agreements.scene import Scene, make_scene
from tests.bases.test_bases import GIVEN as BASE
from tests.factories import make_organisation, make_region
from tests.visits.scene import make_scene as make_visit_scene
from tests.visits.test_reorganising import Twice, twice

__all__ = ["twice"]

ALWAYS = Cut(BEGINNING, month_of(today()))


def in_step() -> bool:
    return list(checking.differences()) == []


def number(reader: User, code: M, cut: Cut = ALWAYS) -> object:
    return figures(reader, cut, [code])[code].value


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def listed(reader: User) -> object:
    """Positions of the list, each activity counted once."""
    found = totals(reader, conditions(Filter(level=Level.COUNTED))).get(FigureCode.POSITIONS)
    return found[0].value if found else None


def test_what_a_series_says_counts_for_its_parts(scene: Scene) -> None:
    """The parts are counted anew when their series speaks, is corrected, or lets one go."""
    readers = scene.bureau.handler, scene.university.handler
    with transaction():
        series = make_series(scene, parties=(PartyLine(Part.ORGANISER, scene.bureau.organisation.public_id),))
        parts = [make_part(scene, series, figures=lines(positions="300")) for _ in range(2)]
    assert [number(one, M.POSITIONS) for one in readers] == [600, 600]
    with transaction():
        activity_figures.report(series, lines(positions="1,000"), scene.bureau.handler)
    assert [number(one, M.POSITIONS) for one in readers] == [1000, 600]  # the university does not see the series
    assert [listed(one) for one in readers] == [1000, 600]
    with transaction():
        (told,) = series.current_figures
        activity_figures.correct(told, FigureLine(FigureCode.POSITIONS, "900"), "抄错", scene.bureau.handler)
        entry.edit(parts[0], replace(details(scene), kind=ActivityKind.CAMPUS_FAIR), scene.bureau.handler)
    assert [number(one, M.POSITIONS) for one in readers] == [1200, 600]
    assert [listed(one) for one in readers] == [1200, 600]
    assert number(readers[0], M.ACTIVITIES_HELD) == 2
    assert in_step()


def test_held_and_called_off(scene: Scene) -> None:
    with transaction():
        planned = make_activity(scene, is_held=False, held_on=today(), figures=lines(positions="50"))
        other = make_activity(scene, is_held=False, held_on=date(2099, 1, 1))
    assert number(scene.bureau.handler, M.ACTIVITIES_HELD) == 0
    with transaction():
        entry.hold(planned, HeldDays(today(), None, Precision.DAY), scene.bureau.handler)
        entry.cancel(other, "疫情", scene.bureau.handler)
    assert number(scene.bureau.handler, M.ACTIVITIES_HELD, Cut.of_month(today())) == 1
    assert in_step()


def test_an_organisation_that_moves_counts_elsewhere(scene: Scene) -> None:
    with transaction():
        make_activity(scene, figures=lines(positions="70"))
    there, here = (replace(ALWAYS, locality=code) for code in ("610100", "210300"))
    assert [number(scene.bureau.handler, M.POSITIONS, one) for one in (there, here)] == [None, 70]
    with transaction():
        scene.bureau.organisation.region_code = "610100"
    assert [number(scene.bureau.handler, M.POSITIONS, one) for one in (there, here)] == [70, None]
    assert in_step()


def test_a_base_counts_while_it_is_kept_up_and_where_its_employer_lies(scene: Scene) -> None:
    reader, anshan = scene.bureau.handler, replace(ALWAYS, locality="210300")
    with transaction():
        firm = make_organisation("测试装备有限公司", OrganisationKind.ENTERPRISE, make_region())
        base = bases.enter(replace(BASE, employer=firm.public_id), scene.university.handler)
        bases.enter(BASE, reader)
        bases.enter(replace(BASE, university=scene.university.organisation.public_id), reader)
    assert (number(reader, M.BASES), number(scene.university.handler, M.BASES, anshan)) == (2, 2)
    with transaction():
        firm.region_code = make_region("210100", "沈阳市", "Shenyang").code
    assert number(scene.university.handler, M.BASES, anshan) == 1
    assert number(scene.university.handler, M.BASES, replace(ALWAYS, locality="210100")) == 1
    with transaction():
        bases.close(base, "到期", scene.university.section_head)
    assert number(scene.university.handler, M.BASES) == 1
    assert in_step()


def test_each_employer_counts_once_a_year(app: Flask) -> None:
    """Whatever the order in which visits are entered, and when one turns out to have been to somebody else."""
    with transaction():
        scene = make_visit_scene()
        late = scene.named("甲有限公司", day=date(2026, 5, 9))
    reader, april, may = scene.province.viewer, Cut(202604, 202604), Cut(202605, 202605)
    assert [number(reader, M.EMPLOYERS_VISITED, cut) for cut in (april, may)] == [0, 1]
    with transaction():
        early = scene.named("甲有限公司", day=date(2026, 4, 9))
    assert [number(reader, M.EMPLOYERS_VISITED, cut) for cut in (april, may)] == [1, 0]
    with transaction():
        other = scene.details(visited="", visited_name="乙有限公司", day=date(2026, 4, 9))
        visits.edit(early, other, scene.school.handler)
    assert [number(reader, M.EMPLOYERS_VISITED, cut) for cut in (april, may)] == [1, 1]
    assert late.employer_key != early.employer_key
    assert in_step()


def test_an_agreement_is_followed_up(scene: Scene) -> None:
    """Once it is in force; a visit that turns out to be about another one counts for that."""
    with transaction():
        first, second = scene.in_force(), scene.in_force_with_own_text()
        given = VisitDetails(VisitKind.FOLLOW_UP, today(), took_place=True, findings="履行良好")
        given = replace(given, visited=scene.university.organisation.public_id, subject_kind="agreement")
        visit = visits.enter(replace(given, subject_public_id=first.public_id), scene.bureau.handler)
    readers = scene.bureau.handler, scene.university.handler
    assert [followed_up(one) for one in readers] == [(1, 2), (1, 2)]
    with transaction():
        visits.edit(visit, replace(given, subject_public_id=second.public_id), scene.bureau.handler)
        lifecycle.suspend(second, "情况变化", scene.bureau.leader)
    assert [followed_up(one) for one in readers] == [(0, 1), (0, 1)]
    assert in_step()


def followed_up(reader: User) -> tuple[object, object]:
    found = figures(reader, ALWAYS, [M.FOLLOW_UP_RATE])[M.FOLLOW_UP_RATE]
    return found.numerator, found.denominator


def test_two_records_of_one_employer(twice: Twice) -> None:
    """Merged they count once, parted twice; one of the visits only named the other."""
    reader, year = twice.scene.school.handler, Cut(202201, 202212)
    with transaction():
        twice.scene.visit()
        twice.scene.named(twice.other.name_zh)
    assert number(reader, M.EMPLOYERS_VISITED, year) == 2
    twice.merge()
    assert number(reader, M.EMPLOYERS_VISITED, year) == 1
    with transaction():
        merging.part(twice.head, twice.scene.employer, "并非重复", twice.scene.employer.row_version)
    assert number(reader, M.EMPLOYERS_VISITED, year) == 2
    assert in_step()
