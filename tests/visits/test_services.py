"""The rules of visits: what held needs, who sees them, first contacts, wrong codes, figures, the follow-up's day."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.core.figures.kinds import Unit
from registry.core.figures.reading import read_figure
from registry.mechanisms.queries import LISTING as MECHANISMS
from registry.organisations.models import OrganisationKind, OrganisationStatus
from registry.records import happenings
from registry.records.happenings import Happening, Told
from registry.records.queries import history
from registry.visits.enums import FigureCode, LeadLevel, VisitKind, VisitState
from registry.visits.models import Visit
from registry.visits.queries.employers import company_of
from registry.visits.queries.listing import LISTING, latest_of
from registry.visits.services import entry
from tests.agreements.scene import make_scene as make_agreement_scene
from tests.factories import make_organisation
from tests.mechanisms.meetings import make_mechanism

from .scene import DAY, Scene, make_scene

WRONG, RIGHT = "91210100MB0T0637X1", "91210100MB0T0637X0"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    """What is told of held visits."""
    found: list[Told] = []
    listeners = happenings._listeners
    monkeypatch.setitem(listeners, Happening.VISIT_HELD, [*listeners.get(Happening.VISIT_HELD, ()), found.append])
    return found


def refused(given: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(given.value.fields)


def actions(visit: Visit) -> list[str]:
    return [row.action for row in reversed(history(visit))]


# Held, not held


def test_a_visit_that_took_place_is_held_at_once_and_told(scene: Scene, heard: list[Told]) -> None:
    with transaction():
        visit = scene.visit(problems=("联络人空缺",))
    assert (visit.state, visit.held_on, visit.sort_on) == (VisitState.HELD, DAY, DAY)
    assert [one.text for one in visit.problems] == ["联络人空缺"]
    assert [(told.subject, told.on, told.kind) for told in heard] == [(visit, DAY, "")]
    assert visit.title_zh == "访企拓岗：示例钢铁有限公司"
    assert actions(visit) == ["visit:add"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": today() + timedelta(days=1)}, "day"),
        ({"findings": "  "}, "findings"),
        ({"visited": ""}, "visited"),
        ({"visited": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "visited"),
        ({"next_on": DAY}, "next_on"),
        ({"problems": ("问题",) * 21}, "problems"),
        ({"industry": "Z"}, "industry"),
        ({"visited": "", "visited_name": "示例公司", "region": "999999"}, "region"),
        ({"subject_kind": "agreement", "subject_public_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "subject"),
        ({"subject_kind": "nothing", "subject_public_id": "x"}, "subject"),
    ],
)
def test_what_is_refused(scene: Scene, heard: list[Told], changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error, transaction():
        scene.visit(**changes)
    assert refused(error) == {field}
    assert heard == []


def test_a_planned_visit_needs_no_findings_and_tells_nothing(scene: Scene, heard: list[Told]) -> None:
    later = today() + timedelta(days=9)
    with transaction():
        visit = scene.planned(day=later)
    assert (visit.state, visit.planned_on, visit.held_on, heard) == (VisitState.PLANNED, later, None, [])


def test_a_planned_visit_is_recorded_once(scene: Scene, heard: list[Told]) -> None:
    with transaction():
        visit = scene.planned()
    with transaction():
        entry.hold(visit, scene.details(day=date(2022, 5, 12)), scene.school.section_head)
    assert (visit.state, visit.held_on, visit.planned_on) == (VisitState.HELD, date(2022, 5, 12), DAY)
    assert len(heard) == 1
    with pytest.raises(Conflict), transaction():
        entry.hold(visit, scene.details(), scene.school.handler)


def test_recording_needs_findings_and_a_day_that_has_come(scene: Scene) -> None:
    with transaction():
        visit = scene.planned()
    with pytest.raises(Invalid) as error, transaction():
        entry.hold(visit, scene.details(findings="", day=today() + timedelta(days=1)), scene.school.handler)
    assert refused(error) == {"findings", "day"}
    assert visit.state is VisitState.PLANNED


@pytest.mark.parametrize("state", [VisitState.NOT_HELD, VisitState.CANCELLED])
def test_what_did_not_take_place_has_its_reason(scene: Scene, state: VisitState) -> None:
    with transaction():
        visit = scene.planned()
    with pytest.raises(Invalid), transaction():
        entry.drop(visit, state, " ", scene.school.handler)
    with transaction():
        entry.drop(visit, state, "企业停产检修", scene.school.handler)
    assert (visit.state, visit.reason) == (state, "企业停产检修")
    with pytest.raises(Conflict), transaction():
        entry.edit(visit, scene.details(), scene.school.handler)


def test_held_is_no_way_of_dropping(scene: Scene) -> None:
    with transaction():
        visit = scene.planned()
    with pytest.raises(Conflict), transaction():
        entry.drop(visit, VisitState.HELD, "原因", scene.school.handler)


def test_a_held_visit_may_be_corrected_but_not_emptied(scene: Scene, heard: list[Told]) -> None:
    with transaction():
        visit = scene.visit()
    with transaction():
        entry.edit(visit, scene.details(day=date(2022, 5, 11), took_place=False), scene.school.handler)
    assert (visit.state, visit.held_on, visit.sort_on) == (VisitState.HELD, date(2022, 5, 11), date(2022, 5, 11))
    with pytest.raises(Invalid) as error, transaction():
        entry.edit(visit, scene.details(findings=""), scene.school.handler)
    assert refused(error) == {"findings"}
    assert len(heard) == 1  # a correction is no second visit


# Who may, who sees


@pytest.mark.parametrize("role", ["leader", "viewer"])
def test_readers_enter_nothing(scene: Scene, role: str) -> None:
    with pytest.raises(Forbidden), transaction():
        scene.visit(getattr(scene.school, role))


def test_only_the_keeper_changes_it(scene: Scene) -> None:
    with transaction():
        visit = scene.planned()
    for person in (scene.bureau.handler, scene.province.section_head):
        with pytest.raises(Forbidden), transaction():
            entry.edit(visit, scene.details(), person)
        with pytest.raises(Forbidden), transaction():
            entry.drop(visit, VisitState.CANCELLED, "原因", person)


def test_the_visited_and_those_above_see_it_and_nobody_else(scene: Scene) -> None:
    with transaction():
        visit = scene.visit(kind=VisitKind.RECIPROCAL, visited=scene.bureau.organisation.public_id)
    people: list[User] = [scene.school.viewer, scene.bureau.viewer, scene.province.viewer]
    assert all(LISTING.get(visit.public_id, one) is visit for one in people)
    with pytest.raises(NotFound):
        LISTING.get(visit.public_id, scene.stranger.handler)


def test_visits_to_expand_posts_are_ones_own(scene: Scene) -> None:
    other = scene.stranger.organisation.public_id
    with pytest.raises(Invalid) as error, transaction():
        scene.visit(scene.bureau.handler, visitor=other)
    assert refused(error) == {"visitor"}
    with transaction():
        visit = scene.visit(scene.bureau.handler, kind=VisitKind.FIELD_DOCKING, visitor=other)
    assert LISTING.get(visit.public_id, scene.stranger.handler) is visit


def test_nobody_visits_themselves(scene: Scene) -> None:
    with pytest.raises(Invalid) as error, transaction():
        scene.visit(visited=scene.school.organisation.public_id)
    assert refused(error) == {"visited"}


# What is suggested, what is kept


def test_the_first_contact_is_suggested_and_the_writer_decides(scene: Scene) -> None:
    with transaction():
        first = scene.visit()
        again = scene.visit(day=date(2022, 5, 20))
        insisted = scene.visit(day=date(2022, 5, 21), is_first=True)
        others = scene.visit(scene.bureau.handler, day=date(2022, 6, 1))
        planned = scene.planned(day=today() + timedelta(days=3))
    assert [one.is_first for one in (first, again, insisted, others, planned)] == [True, False, True, True, None]


def test_the_level_comes_from_the_office_unless_it_is_said(scene: Scene) -> None:
    with transaction():
        by_office = scene.visit(lead_level=None, leader_office="副校长")
        said = scene.visit(lead_level=LeadLevel.OTHER, leader_office="校长")
    assert (by_office.lead_level, said.lead_level) == (LeadLevel.LEADERSHIP, LeadLevel.OTHER)


def test_a_wrong_credit_code_is_told_and_kept(scene: Scene) -> None:
    with transaction():
        wrong = scene.named("示例装备制造有限公司", visited_uscc=WRONG)
        right = scene.named("示例汽车零部件有限公司", visited_uscc="９１２１０１００MB0T0637X0")
        none = scene.named("示例软件有限公司")
    assert [one.has_wrong_code for one in (wrong, right, none)] == [True, False, False]
    assert (wrong.visited_uscc, right.visited_uscc) == (WRONG, RIGHT)


def test_spellings_that_surely_mean_one_employer_are_one(scene: Scene) -> None:
    with transaction():
        company = make_organisation("示例汽车零部件有限公司", OrganisationKind.ENTERPRISE, uscc=RIGHT)
        chosen = scene.visit(visited=company.public_id)
        by_code = scene.named("示例汽配", visited_uscc=RIGHT)
        by_name = scene.named("示例汽车零部件有限公司", visited_uscc=WRONG)
        unknown = scene.named("示例汽车零部件公司")
    assert chosen.employer_key == by_code.employer_key == by_name.employer_key != unknown.employer_key


def test_figures_keep_how_they_were_said(scene: Scene) -> None:
    read = read_figure("约15", Unit.POSITIONS)
    with transaction():
        visit = scene.visit(figures={FigureCode.POSTS: read})
    kept = visit.figure(FigureCode.POSTS)
    assert kept is not None
    assert (kept.value, kept.qualifier, kept.as_reported) == (15, "approx", "约15")
    with transaction():
        entry.edit(visit, scene.details(figures={FigureCode.INTERNSHIPS: read_figure("20")}), scene.school.handler)
    assert [one.code for one in visit.figures] == [FigureCode.INTERNSHIPS]


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"day": date(2026, 9, 30), "follow_up_days": 5}, date(2026, 10, 13)),
        ({"day": date(2026, 9, 28), "next_on": date(2026, 10, 3)}, date(2026, 10, 8)),
        ({"day": date(2026, 9, 28)}, None),
    ],
)
def test_the_next_visit_is_on_a_working_day(scene: Scene, changes: dict[str, Any], day: date | None) -> None:
    with transaction():
        visit = scene.visit(**changes)
    assert visit.next_on == day


# What it is about


def test_a_mechanism_is_told_of_the_visit(scene: Scene, heard: list[Told]) -> None:
    with transaction():
        sides = make_agreement_scene()
        mechanism = make_mechanism(sides)
        about = {"kind": VisitKind.FOLLOW_UP, "visited": sides.university.organisation.public_id}
        subject = {"subject_kind": "mechanism", "subject_public_id": mechanism.public_id}
        visit = scene.visit(sides.bureau.handler, **about, **subject)
    assert [(told.kind, told.public_id) for told in heard] == [("mechanism", mechanism.public_id)]
    assert visit.subject_title == mechanism.title_zh
    assert [row.id for row in latest_of("mechanism", mechanism.public_id, sides.university.leader)] == [visit.id]
    assert latest_of("mechanism", mechanism.public_id, scene.stranger.viewer) == []
    assert MECHANISMS.get(mechanism.public_id, sides.bureau.handler) is mechanism


def test_what_one_does_not_see_is_no_subject(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(make_agreement_scene())
    with pytest.raises(Invalid) as error, transaction():
        scene.visit(subject_kind="mechanism", subject_public_id=mechanism.public_id)
    assert refused(error) == {"subject"}


# Who else was there


def test_others_are_counted_by_month_and_named_only_within_scope(scene: Scene) -> None:
    now = today()
    with transaction():
        mine = scene.visit(scene.bureau.handler, day=now - timedelta(days=40))
        scene.visit(scene.stranger.handler, day=now - timedelta(days=2))
        scene.visit(scene.stranger.handler, day=now - timedelta(days=91))
        scene.planned(day=now)
    told = company_of(mine.employer_key, scene.bureau.handler, now)
    assert told.count == 2
    assert {month for month, _number in told.months} == {f"{now - timedelta(days=days):%Y-%m}" for days in (40, 2)}
    assert [row.public_id for row in told.named] == [mine.public_id]
    assert told.known_before
    above = company_of(mine.employer_key, scene.province.handler, now)
    assert (above.count, [row.public_id for row in above.named], above.known_before) == (2, [mine.public_id], False)


def test_nobody_was_there(scene: Scene) -> None:
    told = company_of("name:示例软件有限公司", scene.school.handler, today())
    assert (told.count, list(told.named), told.known_before) == (0, [], False)


def test_what_is_only_planned_has_found_nothing(scene: Scene) -> None:
    with pytest.raises(Invalid) as error, transaction():
        scene.planned(problems=("联络人空缺",))
    assert refused(error) == {"problems"}


@pytest.mark.parametrize("took_place", [True, False])
def test_findings_are_not_lost_in_the_form_of_a_visit(scene: Scene, took_place: bool) -> None:
    with transaction():
        visit = scene.visit() if took_place else scene.planned()
    with pytest.raises(Invalid) as error, transaction():
        entry.edit(visit, scene.details(problems=("联络人空缺",)), scene.school.handler)
    assert refused(error) == {"problems"}


def test_a_visit_to_who_was_dissolved_since_is_still_changed(scene: Scene) -> None:
    with transaction():
        visit = scene.visit()
        scene.employer.status = OrganisationStatus.CLOSED
    with transaction():
        entry.edit(visit, scene.details(feedback="满意"), scene.school.handler)
    assert (visit.visited, visit.feedback) == (scene.employer, "满意")
    with pytest.raises(Invalid) as error, transaction():
        scene.visit()
    assert refused(error) == {"visited"}
