"""The board of visits to employers: every number is as long as the list behind it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from registry.core.db import transaction
from registry.organisations.models import OrganisationKind
from registry.records.months import Months
from registry.visits.enums import LeadLevel, VisitKind, VisitState
from registry.visits.queries.board import by_college, by_university, year_of, years_with_visits
from registry.visits.queries.listing import LISTING, NO_COLLEGE, Filter, Told, conditions
from tests.factories import make_organisation, make_region

from .scene import Scene, make_scene

HEADS = Filter(level=LeadLevel.HEAD, once=True)


@pytest.fixture
def scene(app: Flask) -> Scene:
    """Seven visits count for 2022: five by heads to three employers."""
    with transaction():
        made = make_scene()
        far = make_organisation(
            "示例软件有限公司", OrganisationKind.ENTERPRISE, make_region("610100", "西安市", "Xi'an")
        )
        made.visit(college="材料学院")
        made.visit(day=date(2022, 6, 1), college="材料学院")
        made.visit(day=date(2022, 6, 2), visited=far.public_id)
        made.visit(day=date(2022, 6, 3), visited=far.public_id, lead_level=LeadLevel.FACULTY, college="机械学院")
        made.named("示例装备制造有限公司", day=date(2022, 12, 31))
        made.named("示例 装备制造有限公司", day=date(2022, 1, 1))
        made.visit(day=date(2022, 7, 1), lead_level=LeadLevel.LEADERSHIP)
        # What does not count: another year, another kind, not held, of a bureau.
        made.visit(day=date(2023, 1, 1))
        made.visit(kind=VisitKind.FIELD_DOCKING)
        made.planned(day=date(2022, 8, 1))
        made.visit(made.bureau.handler)
    return made


def test_each_employer_once_a_year(scene: Scene) -> None:
    """Whatever the day on which it was entered; a visit that the reader does not see comes first all the same."""
    found = LISTING.page(scene.school.viewer, conditions(Filter(yearly=True), scene.school.viewer), 0, 99)
    days = sorted(row.held_on for row in found)
    assert days == [date(2022, 1, 1), date(2022, 5, 10), date(2022, 6, 2), date(2023, 1, 1)]


def test_where_and_when(scene: Scene) -> None:
    def count(**wanted: Any) -> int:
        return LISTING.count(scene.province.viewer, conditions(Filter(**wanted), scene.province.viewer), 99)

    assert count(months=Months(202206, 202206)) == 3
    assert count(months=Months(0, 202205)) == 4
    assert count(region="610100") == 2
    assert count(region="210300") == count() - 4  # two lie elsewhere, of two nobody knows where


def length(scene: Scene, wanted: Filter, **more: Any) -> int:
    """How long the list behind a number is."""
    first, last = year_of(2022)
    whole = Filter(
        kind=VisitKind.ENTERPRISE_EXPANSION, state=VisitState.HELD, since=first, until=last,
        visitor=scene.school.organisation.public_id, level=wanted.level, once=wanted.once, first=wanted.first,
        place=wanted.place, **more,
    )  # fmt: skip
    return LISTING.count(scene.school.viewer, conditions(whole, scene.school.viewer), 99)


PREDICATES = {
    "heads": HEADS,
    "visits": Filter(),
    "first": Filter(first=Told.YES),
    "contact_told": Filter(first=Told.TOLD),
    "inside": Filter(place=Told.YES),
    "place_told": Filter(place=Told.TOLD),
}


def test_the_numbers_of_the_year(scene: Scene) -> None:
    (row,) = by_university(scene.school.viewer, 2022)
    assert (row.heads, row.visits, row.inside, row.place_told) == (3, 7, 3, 5)


@pytest.mark.parametrize("name", PREDICATES)
def test_every_number_is_the_length_of_its_list(scene: Scene, name: str) -> None:
    (row,) = by_university(scene.school.viewer, 2022)
    assert getattr(row, name) == length(scene, PREDICATES[name])
    for college in by_college(scene.school.viewer, 2022, scene.school.organisation.public_id):
        assert getattr(college, name) == length(scene, PREDICATES[name], college=college.college or NO_COLLEGE)


def test_colleges_add_up_to_the_university(scene: Scene) -> None:
    (row,) = by_university(scene.school.viewer, 2022)
    colleges = by_college(scene.school.viewer, 2022, scene.school.organisation.public_id)
    assert [one.college for one in colleges] == ["", "材料学院", "机械学院"]
    assert sum(one.visits for one in colleges) == row.visits


def test_no_and_unknown_are_the_rest(scene: Scene) -> None:
    counts = {told: length(scene, Filter(place=told)) for told in Told}
    assert counts[Told.YES] + counts[Told.NO] == counts[Told.TOLD]
    assert counts[Told.TOLD] + counts[Told.UNTOLD] == 7
    assert counts[Told.UNTOLD] == 2


def test_only_what_one_sees_is_counted(scene: Scene) -> None:
    assert [row.heads for row in by_university(scene.province.viewer, 2022)] == [3]
    assert list(by_university(scene.stranger.viewer, 2022)) == []
    assert list(by_college(scene.stranger.viewer, 2022, scene.school.organisation.public_id)) == []


def test_years_that_have_visits(scene: Scene) -> None:
    assert list(years_with_visits(scene.school.viewer)) == [2023, 2022]
    assert list(years_with_visits(scene.stranger.viewer)) == []
