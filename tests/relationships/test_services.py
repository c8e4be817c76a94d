"""Relationships follow their records: the ladder, the last activity, what is due, who sees them, silence."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements.services import lifecycle
from registry.core.dates import add_months, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.mechanisms import services as mechanisms
from registry.mechanisms.inputs import SideLine
from registry.mechanisms.models import DockingMechanism
from registry.organisations.models import OrganisationKind, Region, RegionKind
from registry.relationships import reminders, services
from registry.relationships.enums import DORMANT_AFTER, Level
from registry.relationships.models import Relationship, RelationshipRecord
from registry.relationships.pairs import Pair, pairs_among
from registry.relationships.queries import LISTING, Filter, conditions, timeline
from registry.tasks.models import Task
from tests.agreements.scene import Scene, make_scene, make_side
from tests.factories import make_organisation, make_region
from tests.mechanisms.meetings import make_mechanism, mechanism_input, meeting


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def only() -> Relationship:
    return db.session.scalars(select(Relationship)).one()


def everything() -> list[Relationship]:
    return list(db.session.scalars(select(Relationship)))


def level() -> Level:
    return only().level


# Which pairs there are


def test_a_county_counts_for_its_city_and_enterprises_for_nothing(app: Flask) -> None:
    with transaction():
        make_region("210300", "鞍山市", "Anshan")
        county = Region(code="210303", name_zh="铁西区", name_en="Tiexi", kind=RegionKind.COUNTY, parent_code="210300")
        db.session.add(county)
        bureau = make_organisation("鞍山市铁西区人力资源和社会保障局", OrganisationKind.HR_BUREAU, county)
        school = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
        firm = make_organisation("测试企业", OrganisationKind.ENTERPRISE, county)
    assert pairs_among([[bureau.id, school.id, firm.id, None]]) == {Pair("210300", school.id)}
    assert pairs_among([[bureau.id, firm.id], [school.id]]) == pairs_among([]) == set()


def test_a_record_of_three_makes_two_relationships(scene: Scene) -> None:
    with transaction():
        other = make_side("东北大学", OrganisationKind.UNIVERSITY, "610100")
        lines = tuple(SideLine(one.organisation.public_id) for one in (scene.bureau, scene.university, other))
        make_mechanism(scene, sides=lines)
    assert {(one.locality_code, one.university_id) for one in everything()} == {
        ("210300", scene.university.organisation.id),
        ("210300", other.organisation.id),
    }


# The ladder


def test_it_climbs_and_falls_with_its_records(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
    assert level() is Level.MECHANISM
    assert (only().last_active_on, only().next_due_on) == (mechanism.last_met_on, mechanism.next_meeting_on)
    with transaction():
        agreement = scene.draft()
    assert level() is Level.MECHANISM  # a draft is nothing yet
    with transaction():
        lifecycle.void(agreement, "不再需要", scene.bureau.leader)
        scene.in_force()
    assert level() is Level.AGREEMENT
    assert only().last_active_on == today()
    with transaction():
        mechanisms.end(mechanism, "已有协议", scene.bureau.leader)
    assert level() is Level.AGREEMENT


def test_an_agreement_that_ended_leaves_the_contact(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
    assert only().next_due_on == agreement.expires_on == add_months(today(), 36)
    with transaction():
        lifecycle.suspend(agreement, "调整", scene.bureau.leader)
    assert level() is Level.AGREEMENT
    with transaction():
        lifecycle.resume(agreement, "恢复", scene.bureau.leader)
    with transaction():
        lifecycle.expire(add_months(today(), 37))
    assert (level(), only().next_due_on) == (Level.CONTACT, None)


def test_a_record_that_changes_its_sides_leaves_the_relationship(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
        other = make_side("东北大学", OrganisationKind.UNIVERSITY, "610100")
    sides = (SideLine(scene.bureau.organisation.public_id), SideLine(other.organisation.public_id))
    with transaction():
        mechanisms.edit(mechanism, mechanism_input(scene, sides=sides), scene.bureau.handler)
    found = {one.university_id: [row.kind for row in one.records] for one in everything()}
    assert found == {scene.university.organisation.id: [], other.organisation.id: ["mechanism"]}


def test_what_fails_leaves_no_trace(scene: Scene) -> None:
    def attempt() -> None:
        with transaction():
            mechanisms.advance(make_mechanism(scene), scene.bureau.handler)

    with pytest.raises(Conflict):
        attempt()
    assert everything() == []


def test_working_out_anew_changes_nothing(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene, meetings=2)
        scene.in_force()
    columns = (Relationship.level, Relationship.last_active_on, Relationship.next_due_on)
    before = db.session.execute(select(*columns)).all()
    records = db.session.execute(select(RelationshipRecord.kind, RelationshipRecord.record_id)).all()
    with transaction():
        assert services.refresh_all() == 1
    assert db.session.execute(select(*columns)).all() == before
    assert len(records) == 2


# Who sees it


def test_those_who_take_part_see_it_and_nobody_else(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene)
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    found = only()
    for person in (scene.bureau.handler, scene.university.handler):
        assert LISTING.get(found.public_id, person) is found
    with pytest.raises(NotFound):
        LISTING.get(found.public_id, stranger.handler)


def test_the_timeline_shows_each_reader_what_they_see(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene, meetings=2)
        scene.draft(title_zh="尚未共享")
    (past, due) = timeline(only(), scene.bureau.handler)
    assert [one.what.english for one in due] == ["Next meeting"]
    assert "尚未共享" in {one.title_zh for one in past}
    days = [one.on for one in past if one.on]
    assert days == sorted(days, reverse=True)
    (theirs, _due) = timeline(only(), scene.university.handler)
    assert "尚未共享" not in {one.title_zh for one in theirs}
    assert len(theirs) == len(past) - 1


# Silence


def silent(scene: Scene, days: int) -> Relationship:
    with transaction():
        mechanism = make_mechanism(scene)
        mechanism.established_on = today() - timedelta(days=days)
        mechanism.last_met_on = None
        services.refresh(Pair("210300", scene.university.organisation.id))
    return only()


@pytest.mark.parametrize(("days", "dormant"), [(180, False), (181, True)])
def test_dormant_after_180_days(scene: Scene, days: int, dormant: bool) -> None:
    found = silent(scene, days)
    assert found.is_dormant(today()) is dormant
    rows = LISTING.page(scene.bureau.handler, conditions(Filter(silent=True)), 0, 9)
    assert len(rows) == dormant


def test_a_reason_counts_as_long_as_silence_may_last(scene: Scene) -> None:
    found = silent(scene, 200)
    with pytest.raises(Invalid), transaction():
        services.explain(found, " ", scene.bureau.handler)
    with transaction():
        services.explain(found, "专业设置调整", scene.university.handler)
    assert found.is_explained(today())
    assert LISTING.count(scene.bureau.handler, conditions(Filter(silent=True)), 9) == 0
    later = today() + DORMANT_AFTER
    assert (found.is_explained(later), found.is_explained(later + timedelta(days=1))) == (True, False)


def test_only_a_silent_one_is_explained_and_by_who_takes_part(scene: Scene) -> None:
    found = silent(scene, 10)
    with pytest.raises(Conflict), transaction():
        services.explain(found, "无", scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        services.explain(found, "无", scene.bureau.leader)


def test_filters(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene, established_on=date(2026, 1, 5))

    def found(**wanted: object) -> int:
        return LISTING.count(scene.bureau.handler, conditions(Filter(**wanted)), 9)  # type: ignore[arg-type]

    assert [found(), found(text="西北工业"), found(text="东北"), found(level=Level.MECHANISM)] == [1, 1, 0, 1]
    assert [found(level=Level.CONTACT), found(region="210300"), found(region="210100")] == [0, 1, 0]
    assert found(university=scene.university.organisation.public_id) == 1


# Reminders


def reminded() -> list[tuple[str, str]]:
    rows = db.session.execute(select(Task.key, Task.state).order_by(Task.id)).all()
    return [(str(row.key), str(row.state)) for row in rows]


def test_a_silent_one_is_brought_to_mind_once(scene: Scene) -> None:
    found = silent(scene, 181)
    for _ in range(2):
        reminders.remind(today())
    key = reminders.key_of(found)
    assert reminded() == [(key, "open")]
    task = db.session.scalars(select(Task)).one()
    assert task.party_ids == {scene.bureau.organisation.id, scene.university.organisation.id}
    with transaction():
        services.explain(found, "专业设置调整", scene.bureau.handler)
    assert reminded() == [(key, "closed")]
    reminders.remind(today())
    assert len(reminded()) == 1  # explained
    reminders.remind(today() + DORMANT_AFTER + timedelta(days=1))
    assert reminded() == [(key, "closed"), (key, "open")]


def test_what_happens_settles_the_reminder(scene: Scene) -> None:
    silent(scene, 300)
    reminders.remind(today())
    mechanism = db.session.scalars(select(DockingMechanism)).one()
    with transaction():
        mechanisms.record_meeting(mechanism, meeting(today()), scene.bureau.handler)
    assert [state for _key, state in reminded()] == ["closed"]


def test_one_that_is_not_silent_is_left_in_peace(scene: Scene) -> None:
    silent(scene, 180)
    reminders.remind(today())
    assert reminded() == []
