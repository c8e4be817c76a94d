"""What a mechanism points at and a writer or reader does not see: liaisons of the other side, and drafts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from registry.accounts.models import User
from registry.agreements.services import lifecycle
from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.core.errors import Invalid
from registry.mechanisms import services
from registry.mechanisms.inputs import SideLine
from registry.mechanisms.models import DockingMechanism, MechanismParty
from registry.mechanisms.queries import LISTING
from registry.organisations.models import Contact, Organisation, OrganisationKind
from registry.records.queries import history
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.factories import make_organisation

from .meetings import established, make_mechanism, mechanism_input, meeting


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with transaction():
        scene = make_scene()
    yield scene
    set_viewer(None)


def liaison_of(organisation: Organisation) -> Contact:
    """A contact in the organisation's own address book."""
    made = Contact(organisation_id=organisation.id, recorded_by_id=organisation.id, name="测试联络人")
    db.session.add(made)
    db.session.flush()
    return made


def read_anew(public_id: str, reader: User) -> DockingMechanism:
    """As in a request of the reader's own: nothing is loaded yet, and the wall is up."""
    for one in list(db.session):
        if isinstance(one, DockingMechanism | MechanismParty | Contact):
            db.session.expunge(one)
    set_viewer(reader.organisation_id)
    return LISTING.get(public_id, reader)


def with_unseen_liaison(scene: Scene) -> tuple[str, int]:
    """The university named a contact that the bureau does not see."""
    with transaction():
        mechanism = make_mechanism(scene)
        found = mechanism.parties[1].liaison = liaison_of(scene.university.organisation)
    return mechanism.public_id, found.id


def liaisons() -> list[tuple[int | None, int | None]]:
    set_viewer(None)
    statement = select(MechanismParty.organisation_id, MechanismParty.liaison_id).order_by(MechanismParty.position)
    return [(row.organisation_id, row.liaison_id) for row in db.session.execute(statement)]


def test_an_unseen_liaison_goes_where_its_side_goes(scene: Scene) -> None:
    public_id, liaison = with_unseen_liaison(scene)
    bureau, university = scene.bureau.organisation, scene.university.organisation
    sides = (SideLine(university.public_id), SideLine(bureau.public_id))
    with transaction():
        mechanism = read_anew(public_id, scene.bureau.handler)
        assert mechanism.parties[1].liaison is None  # or this proves nothing
        services.edit(mechanism, mechanism_input(scene, sides=sides), scene.bureau.handler)
    assert liaisons() == [(university.id, liaison), (bureau.id, None)]


def test_an_unseen_liaison_leaves_with_its_side(scene: Scene) -> None:
    public_id, _liaison = with_unseen_liaison(scene)
    bureau = scene.bureau.organisation
    with transaction():
        other = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
    sides = (SideLine(bureau.public_id), SideLine(other.public_id))
    with transaction():
        mechanism = read_anew(public_id, scene.bureau.handler)
        services.edit(mechanism, mechanism_input(scene, sides=sides), scene.bureau.handler)
    assert liaisons() == [(bureau.id, None), (other.id, None)]


def test_an_unseen_liaison_stays_and_is_no_change(scene: Scene) -> None:
    public_id, liaison = with_unseen_liaison(scene)
    with transaction():
        mechanism = read_anew(public_id, scene.bureau.handler)
        services.edit(mechanism, mechanism_input(scene, plan="四月走访"), scene.bureau.handler)
    assert "plan" in history(mechanism)[0].changes
    assert "sides" not in history(mechanism)[0].changes
    assert [number for _organisation, number in liaisons()] == [None, liaison]


def test_the_change_log_tells_no_title_of_a_draft(scene: Scene) -> None:
    with transaction():
        mechanism = established(scene, meetings=1)
        draft = services.upgrade(mechanism, scene.bureau.handler)
    with transaction():
        draft.title_zh = "尚未共享的题目"
        lifecycle.void(draft, "不办了", scene.bureau.leader)
    told = "".join(str(row.changes) for row in history(mechanism))
    assert draft.title_zh not in told
    assert "校地合作框架协议" not in told
    assert told.count(draft.public_id) == 2


def test_a_void_draft_sets_free_whoever_sees_the_mechanism(scene: Scene) -> None:
    with transaction():
        mechanism = established(scene, meetings=1)
        draft = services.upgrade(mechanism, scene.university.handler)
        other = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
    sides = (SideLine(scene.bureau.organisation.public_id), SideLine(other.public_id))
    with transaction():
        services.edit(mechanism, mechanism_input(scene, sides=sides), scene.bureau.handler)
    with transaction():
        set_viewer(scene.university.organisation.id)
        lifecycle.void(draft, "不办了", scene.university.leader)
    set_viewer(None)
    assert db.session.scalar(select(DockingMechanism.agreement_id)) is None


def test_the_page_tells_the_other_side_that_there_is_a_draft_and_no_more(scene: Scene, client: Client) -> None:
    with transaction():
        mechanism = established(scene, meetings=1)
        draft = services.upgrade(mechanism, scene.bureau.handler)
    address, title = f"/mechanisms/{mechanism.public_id}", draft.title_zh
    client.sign_in(scene.university.handler)
    page = client.get(address, headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert title not in page
    assert "a draft of the other side" in page


def test_a_next_meeting_comes_after_the_last(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene, meetings=1)
    for day in (date(2026, 3, 1), date(2026, 3, 2)):
        with pytest.raises(Invalid) as refused, transaction():
            services.edit(mechanism, mechanism_input(scene, next_meeting_on=day), scene.bureau.handler)
        assert set(refused.value.fields) == {"next_meeting_on"}


def test_one_without_days_keeps_its_place_by_the_day_of_entry(scene: Scene) -> None:
    with transaction():
        mechanism = make_mechanism(scene)
        entered = datetime(2026, 2, 1, 18, tzinfo=UTC)  # the 2nd in Shanghai
        db.session.execute(update(DockingMechanism).values(created_at=entered))
    with transaction():
        services.edit(mechanism, mechanism_input(scene, plan="四月走访"), scene.bureau.handler)
        assert mechanism.sort_on == date(2026, 2, 2)
        services.record_meeting(mechanism, meeting(date(2026, 1, 5)), scene.bureau.handler)
        assert mechanism.sort_on == date(2026, 1, 5)
