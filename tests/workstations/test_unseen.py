"""What a station points at and a writer or reader does not see: contacts, drafts, visits of others."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts.models import User
from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.mechanisms.inputs import SideLine
from registry.organisations.models import Contact, Organisation, OrganisationKind
from registry.records.happenings import Happening, Told, tell
from registry.records.queries import history
from registry.workstations import queries
from registry.workstations.inputs import ContactChoice
from registry.workstations.models import Workstation, WorkstationFounder
from registry.workstations.queries import LISTING
from registry.workstations.services import entry
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.factories import make_organisation
from tests.mechanisms.meetings import make_mechanism

from .stations import days_ago, operating, station_input


@pytest.fixture
def scene(app: Flask) -> Iterator[Scene]:
    with transaction():
        scene = make_scene()
    yield scene
    set_viewer(None)


def contact_of(organisation: Organisation) -> Contact:
    """In the organisation's own address book."""
    made = Contact(organisation_id=organisation.id, recorded_by_id=organisation.id, name="测试联络人")
    db.session.add(made)
    db.session.flush()
    return made


def read_anew(public_id: str, reader: User) -> Workstation:
    """As in a request of the reader's own: nothing is loaded yet, and the wall is up."""
    for one in list(db.session):
        if isinstance(one, Workstation | WorkstationFounder | Contact):
            db.session.expunge(one)
    set_viewer(reader.organisation_id)
    return LISTING.get(public_id, reader)


def with_unseen_contacts(scene: Scene) -> str:
    """Liaison and head are the university's, and the bureau sees neither."""
    with transaction():
        station = operating(scene)
        station.host_liaison = station.head = contact_of(scene.university.organisation)
    return station.public_id


def named() -> tuple[int | None, int | None]:
    set_viewer(None)
    row = db.session.execute(select(Workstation.host_liaison_id, Workstation.head_id)).one()
    return row.host_liaison_id, row.head_id


def test_unseen_contacts_leave_with_the_host(scene: Scene) -> None:
    public_id = with_unseen_contacts(scene)
    with transaction():
        other = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
    with transaction():
        station = read_anew(public_id, scene.bureau.handler)
        assert station.host_liaison is None  # or this proves nothing
        entry.edit(station, station_input(scene, host=other.public_id), scene.bureau.handler)
    assert named() == (None, None)
    assert {"host", "head"} <= set(history(station)[0].changes)


def test_unseen_contacts_stay_while_their_side_does(scene: Scene) -> None:
    public_id = with_unseen_contacts(scene)
    before = named()
    assert None not in before
    with transaction():
        station = read_anew(public_id, scene.bureau.handler)
        entry.edit(station, station_input(scene, place="图书馆"), scene.bureau.handler)
    assert named() == before


def test_nobody_is_named_in_the_place_of_an_unseen_contact(scene: Scene) -> None:
    public_id = with_unseen_contacts(scene)
    slot = scene.university.organisation.public_id
    with transaction():
        station = read_anew(public_id, scene.bureau.handler)
        entry.name_contact(station, ContactChoice(slot), scene.bureau.handler)
        entry.name_contact(station, ContactChoice(entry.HEAD), scene.bureau.handler)
    assert named() == (None, None)


def test_the_change_log_tells_no_title_of_a_draft(scene: Scene) -> None:
    with transaction():
        draft = scene.draft(title_zh="尚未共享的题目")
        station = operating(scene)
    for agreement in (draft.public_id, ""):
        with transaction():
            entry.edit(station, station_input(scene, agreement=agreement), scene.bureau.handler)
    told = "".join(str(row.changes) for row in history(station))
    assert draft.title_zh not in told
    assert told.count(draft.public_id) == 2


class Mechanism:
    """What tells is named by its kind; mechanisms are one that everybody knows."""

    def __init__(self, public_id: str) -> None:
        self.public_id = public_id


def test_a_sign_of_life_is_told_by_title_to_those_who_see_it(scene: Scene, client: Client) -> None:
    with transaction():
        station = operating(scene)
        seen = make_mechanism(scene, title_zh="双方都看得到")
        other = make_organisation("东北大学", OrganisationKind.UNIVERSITY)
        sides = (SideLine(scene.bureau.organisation.public_id), SideLine(other.public_id))
        unseen = make_mechanism(scene, title_zh="只有一方看得到", sides=sides)
        for one in (seen, unseen):
            tell(Happening.VISIT_HELD, Told(Mechanism(one.public_id), days_ago(0), "workstation", station.public_id))
    for reader, titles in ((scene.bureau.handler, 2), (scene.university.handler, 1)):
        signs = queries.signs_of(station, days_ago(0).year, reader)
        assert len(signs) == 2
        assert sum(sign.titles is not None for sign in signs) == titles
    client.sign_in(scene.university.handler)
    page = client.get(f"/workstations/{station.public_id}").get_data(as_text=True)
    assert "双方都看得到" in page
    assert "只有一方看得到" not in page
