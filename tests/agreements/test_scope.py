"""Who sees which agreement, by every way in: the list, the page, the second wall, the files."""

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements import queries
from registry.agreements.models import Agreement, DocumentKind
from registry.agreements.services import files
from registry.core.access.roles import Role
from registry.core.access.scope import set_viewer, without_scope
from registry.core.db import db, transaction
from registry.core.errors import NotFound
from registry.organisations.models import OrganisationKind, Oversight
from tests.agreements.scene import STAFF, Scene, Side, make_scene, make_side, stored
from tests.conftest import Client
from tests.factories import make_organisation, make_user

EVERYTHING = queries.Filter()


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def stranger(scene: Scene) -> Side:
    """A bureau that has nothing to do with it."""
    with transaction():
        return make_side("本溪市人力资源和社会保障局", OrganisationKind.HR_BUREAU)


def test_strangers_see_nothing(scene: Scene, stranger: Side) -> None:
    with transaction():
        agreement = scene.in_force()
    assert queries.list_visible(stranger.handler, EVERYTHING, 0, 10) == []
    assert queries.count_visible(stranger.handler, EVERYTHING, 10) == 0
    assert queries.count_by_status(stranger.handler, 10) == {}
    with pytest.raises(NotFound):
        queries.get_visible(agreement.public_id, stranger.handler)


def test_an_overseer_sees_what_is_below(scene: Scene) -> None:
    with transaction():
        province = make_organisation("辽宁省人力资源和社会保障厅", OrganisationKind.HR_DEPARTMENT)
        db.session.add(Oversight(overseer_id=province.id, organisation_id=scene.bureau.organisation.id))
        overseer = make_user(Role.OVERSEER, organisation=province)
        agreement = scene.draft()
    assert queries.get_visible(agreement.public_id, overseer) is agreement


def test_the_second_wall_cuts_a_query_that_forgot(scene: Scene, stranger: Side) -> None:
    with transaction():
        scene.draft()
    everything = select(Agreement.title_zh)
    set_viewer(stranger.organisation.id)
    assert db.session.scalars(everything).all() == []
    with without_scope():
        assert len(db.session.scalars(everything).all()) == 1
    set_viewer(scene.bureau.organisation.id)
    assert len(db.session.scalars(everything).all()) == 1


def test_internal_opinions_are_not_the_other_sides_business(scene: Scene) -> None:
    with transaction():
        agreement = scene.approved()
    own = {row.organisation_id for row in queries.clearances_of(agreement, scene.university.leader)}
    assert own == {scene.university.organisation.id}


@pytest.mark.parametrize("role", STAFF)
def test_a_stranger_gets_404_for_page_act_and_file(scene: Scene, stranger: Side, client: Client, role: Role) -> None:
    with transaction():
        agreement = scene.signing()
        document = files.add(agreement, DocumentKind.SIGNING_COPY, stored(), "签署稿.pdf", None)
        address, paper, version = f"/agreements/{agreement.public_id}", document.public_id, agreement.row_version
    client.sign_in(stranger.people[role])
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/files/{paper}").status_code == 404
    for act in ("submit", "clear", "return", "start-signing", "complete-signing", "void", "withdraw-signing"):
        assert client.post(f"{address}/{act}", data={"row_version": version}).status_code in (403, 404)


def test_a_file_of_another_agreement_does_not_exist_here(scene: Scene, client: Client) -> None:
    with transaction():
        mine, other = scene.draft(), scene.draft()
        document = files.add(other, DocumentKind.SIGNING_COPY, stored(), "签署稿.pdf", None)
        address = f"/agreements/{mine.public_id}/files/{document.public_id}"
    assert client.sign_in(scene.bureau.handler).get(address).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (queries.Filter(text="框架"), 1),
        (queries.Filter(text="西北工业"), 1),
        (queries.Filter(text="100%"), 0),
        (queries.Filter(region="610100"), 1),
        (queries.Filter(region="210100"), 0),
        (queries.Filter(needs_details=True), 0),
    ],
)
def test_filters_narrow(scene: Scene, wanted: queries.Filter, count: int) -> None:
    with transaction():
        scene.draft()
    assert queries.count_visible(scene.bureau.handler, wanted, 10) == count
