"""Ticks at the table: one tap, one note; they replace no signature and are taken back with a reason."""

import pytest
from flask import Flask

from registry.agreements import queries
from registry.agreements.models import Agreement, SignatoryStatus, SigningEvent
from registry.agreements.services import ticks
from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client

from .ceremony import FUTURE, make_event, party


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    with transaction():
        return scene.signing()


@pytest.fixture
def event(scene: Scene, agreement: Agreement) -> SigningEvent:
    with transaction():
        return make_event(scene, FUTURE, agreement)


def standing(event: SigningEvent, agreement: Agreement) -> list[str]:
    return [row.party.name for row in queries.ticks_of(event, [agreement]).values()]


def test_a_tick_stands_once_and_records_no_signature(scene: Scene, agreement: Agreement, event: SigningEvent) -> None:
    first = party(agreement, 1)
    with transaction():
        one = ticks.tick(event, agreement, first, scene.bureau.handler)
        assert ticks.tick(event, agreement, first, scene.bureau.seal_keeper) is one
    assert standing(event, agreement) == [first.name]
    assert one.ticked_by_id == scene.bureau.handler.id
    rows = queries.signatories_by_agreement([agreement])[agreement.id]
    assert {row.status for row in rows} == {SignatoryStatus.PENDING}


def test_taken_back_with_a_reason_it_can_be_made_again(scene: Scene, agreement: Agreement, event: SigningEvent) -> None:
    first, by = party(agreement, 1), scene.bureau.handler
    with transaction():
        ticks.tick(event, agreement, first, by)
        with pytest.raises(Invalid):
            ticks.undo(event, agreement, first, "", by)
        ticks.undo(event, agreement, first, "误点", by)
    assert standing(event, agreement) == []
    with transaction():
        with pytest.raises(NotFound):
            ticks.undo(event, agreement, first, "再次", by)
        ticks.tick(event, agreement, first, by)
    assert standing(event, agreement) == [first.name]


def test_once_the_signature_is_recorded_nothing_is_ticked_or_undone(
    scene: Scene, agreement: Agreement, event: SigningEvent
) -> None:
    first = party(agreement, 1)
    with transaction():
        ticks.tick(event, agreement, first, scene.bureau.handler)
        scene.sign(agreement, scene.bureau, today())
    for act in (
        lambda: ticks.undo(event, agreement, first, "误点", scene.bureau.handler),
        lambda: ticks.tick(event, agreement, first, scene.bureau.handler),
    ):
        with transaction(), pytest.raises(Conflict):
            act()


def test_only_the_hosts_people_and_only_what_belongs_here(
    scene: Scene, agreement: Agreement, event: SigningEvent
) -> None:
    with transaction():
        draft = scene.draft(title_zh="不在此列")
        other = make_event(scene, FUTURE, scene.draft(title_zh="草稿"))
    for person in (scene.university.seal_keeper, scene.bureau.leader):
        with transaction(), pytest.raises(Forbidden):
            ticks.tick(event, agreement, party(agreement, 1), person)
    with transaction(), pytest.raises(NotFound):
        ticks.tick(event, draft, party(draft, 1), scene.bureau.handler)
    (planned,) = queries.programme_of(other, scene.bureau.handler).agreements
    with transaction(), pytest.raises(Conflict):
        ticks.tick(other, planned, party(planned, 1), scene.bureau.handler)


def test_by_the_page(scene: Scene, agreement: Agreement, event: SigningEvent, client: Client) -> None:
    table = f"/events/{event.public_id}/table"
    cell = f"{table}/{agreement.public_id}/{party(agreement, 2).public_id}"
    client.sign_in(scene.bureau.handler)
    assert cell in client.get(table).text
    assert client.post(cell).status_code == 303
    assert standing(event, agreement) == ["西北工业大学"]
    assert f"{cell}/undo" in client.get(table).text
    assert client.post(f"{cell}/undo", data={"reason": ""}).status_code == 422
    assert client.post(f"{cell}/undo", data={"reason": "误点"}).status_code == 303
    assert standing(event, agreement) == []
    client.sign_in(scene.university.handler)
    page = client.get(table)
    assert page.status_code == 200
    assert cell not in page.text  # shown, not offered
    assert client.post(cell).status_code == 403
