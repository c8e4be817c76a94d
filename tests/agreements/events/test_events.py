"""Signing events: who enters them, the order of signing, who sees which of their agreements."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements import queries
from registry.agreements.inputs_events import EventDetails
from registry.agreements.models import Agreement, EventStatus, SigningEvent
from registry.agreements.services import events, lifecycle
from registry.audit.models import AuditEvent
from registry.core.access.scope import set_viewer
from registry.core.dates import Precision, last_day, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.organisations.models import OrganisationKind
from tests.agreements.scene import Scene, make_scene, make_side

from .ceremony import FUTURE, PAST, make_event


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def order(event: SigningEvent, scene: Scene) -> list[Agreement]:
    return list(queries.programme_of(event, scene.bureau.handler).agreements)


def test_only_a_handler_enters_one(scene: Scene) -> None:
    with transaction(), pytest.raises(Forbidden):
        events.create(FUTURE, scene.bureau.leader)
    with transaction():
        event = make_event(scene)
    assert event.owner_id == scene.bureau.organisation.id
    assert event.programme == [{"item": "签约", "time": "09:00", "who": "局长"}]


def test_its_status_follows_its_day_as_exactly_as_it_is_known(scene: Scene) -> None:
    with transaction():
        past, future = make_event(scene, PAST), make_event(scene)
        unknown = make_event(scene, EventDetails("日期不详", source="报道"))
        blank = make_event(scene, EventDetails("尚未定期"))
        year = make_event(scene, replace(FUTURE, held_on=date(today().year, 1, 1), held_precision=Precision.YEAR))
    held = [event.status for event in (past, future, unknown, blank, year)]
    assert held[:4] == [EventStatus.HELD, EventStatus.PLANNED, EventStatus.HELD, EventStatus.PLANNED]
    assert held[4] is (EventStatus.HELD if today() == date(today().year, 12, 31) else EventStatus.PLANNED)


def test_last_days() -> None:
    assert last_day(date(2024, 2, 1), Precision.MONTH) == date(2024, 2, 29)
    assert last_day(date(2024, 1, 1), Precision.YEAR) == date(2024, 12, 31)
    assert last_day(date(2024, 1, 5), Precision.DAY) == date(2024, 1, 5)


def test_a_source_tells_of_no_future(scene: Scene) -> None:
    with transaction(), pytest.raises(Invalid) as caught:
        make_event(scene, replace(PAST, held_on=date(2099, 1, 1)))
    assert "held_on" in caught.value.fields


def test_agreements_in_order_moved_and_taken_out(scene: Scene) -> None:
    with transaction():
        one, two, three = scene.draft(), scene.draft(title_zh="二"), scene.draft(title_zh="三")
        event = make_event(scene, FUTURE, one, two, three)
    by = scene.bureau.handler
    with transaction():
        events.move(event, three, -1, by)
        events.move(event, one, -1, by)  # at the top already
    assert order(event, scene) == [one, three, two]
    with transaction():
        events.remove(event, one, by)
    assert order(event, scene) == [three, two]
    assert [row.signing_position for row in order(event, scene)] == [1, 2]
    assert one.signing_event_id is None
    with transaction(), pytest.raises(NotFound):
        events.remove(event, one, by)


def test_an_agreement_belongs_to_one_event_and_has_not_ended(scene: Scene) -> None:
    with transaction():
        one, dead = scene.draft(), scene.draft(title_zh="作废")
        lifecycle.void(dead, "不再推进", scene.bureau.leader)
        first, second = make_event(scene, FUTURE, one), make_event(scene, PAST)
    for agreement in (one, dead):
        with transaction(), pytest.raises(Conflict):
            events.add(second, agreement, scene.bureau.handler)
    assert order(first, scene) == [one]


def test_others_change_nothing(scene: Scene) -> None:
    with transaction():
        one = scene.signing()
        event = make_event(scene, FUTURE, one)
    for person in (scene.university.handler, scene.bureau.seal_keeper):
        with transaction(), pytest.raises(Forbidden):
            events.edit(event, PAST, person)
        with transaction(), pytest.raises(Forbidden):
            events.remove(event, one, person)


def test_who_sees_one_of_its_agreements_sees_it_with_that_one_only(scene: Scene) -> None:
    with transaction():
        shared, secret = scene.signing(), scene.draft(title_zh="尚未共享")
        event = make_event(scene, FUTURE, secret, shared)
        stranger = make_side("西北大学", OrganisationKind.UNIVERSITY, "610100")
        key = event.public_id
    found = queries.get_event(key, scene.university.handler)
    programme = queries.programme_of(found, scene.university.handler)
    assert (programme.agreements, programme.untold) == ([shared], 1)
    assert queries.count_events(scene.university.handler, 10) == 1
    assert queries.agreements_in(scene.university.handler, [event.id]) == {event.id: 1}
    with pytest.raises(NotFound):
        queries.get_event(key, stranger.handler)
    assert queries.list_events(stranger.handler, 0, 10) == []


def test_the_wall_stands_around_events(scene: Scene) -> None:
    with transaction():
        make_event(scene, FUTURE, scene.signing())
        stranger = make_side("西北大学", OrganisationKind.UNIVERSITY, "610100").organisation.id
    for viewer, seen in (
        (scene.bureau.organisation.id, 1),
        (scene.university.organisation.id, 1),
        (stranger, 0),
    ):
        set_viewer(viewer)
        db.session.expunge_all()
        assert len(db.session.scalars(select(SigningEvent)).all()) == seen
    set_viewer(None)


def test_changes_are_told_with_before_and_after(scene: Scene) -> None:
    with transaction():
        event = make_event(scene)
    with transaction():
        events.edit(event, replace(FUTURE, place="沈阳市"), scene.bureau.handler)
    told = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "event:edit")).one()
    assert told.changes == {"place": ["鞍山市", "沈阳市"]}
    assert told.object_id == event.public_id
