"""Choosing, looking, merging, and taking it back; dissolving; ties."""

import re

import pytest

from registry.core.db import db, transaction
from registry.organisations.models import Organisation, OrganisationKind, OrganisationStatus, Region
from registry.organisations.services.oversight import rebuild_oversight
from tests.conftest import Client
from tests.factories import make_organisation
from tests.organisations.conftest import World

SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


@pytest.fixture
def twice(world: World) -> Organisation:
    with transaction():
        region = db.session.get_one(Region, "210303")
        made = make_organisation("鞍山人才中心", OrganisationKind.TALENT_CENTRE, region, superior_id=world.anshan.id)
        made.uscc, world.centre.uscc = "12210300MB0T008404", "11210300MB0T007790"
        rebuild_oversight()
    return made


def at(organisation: Organisation, leaf: str = "") -> str:
    return f"/organisations/{organisation.public_id}{leaf}"


def look(client: Client, duplicate: Organisation, survivor: Organisation) -> str:
    page = client.get(at(duplicate, f"/merge?target={survivor.public_id}"))
    assert page.status_code == 200
    return page.text


def order(page: str, duplicate: Organisation, survivor: Organisation, **changes: object) -> dict[str, object]:
    seen = SEEN.search(page)
    assert seen
    plain = {"target": survivor.public_id, "seen": seen[1], "reason": "重复录入", "choose_uscc": "survivor"}
    return plain | {"row_version": duplicate.row_version} | changes


class TestMerging:
    def test_choose_look_merge_and_take_back(self, world: World, twice: Organisation, client: Client) -> None:
        client.sign_in(world.head)
        assert "/merge" in client.get(at(twice)).text
        assert world.centre.public_id in client.get(at(twice, "/merge")).text
        page = look(client, twice, world.centre)
        assert "12210300MB0T008404" in page
        assert client.post(at(twice, "/merge"), data=order(page, twice, world.centre)).status_code == 303
        shown = client.get(at(twice)).text
        assert "鞍山市人才服务中心" in shown
        assert "/part" in shown
        assert "鞍山人才中心" in client.get(at(world.centre)).text
        db.session.rollback()
        refused = client.post(at(twice, "/part"), data={"reason": "", "row_version": twice.row_version})
        assert refused.status_code == 422
        done = client.post(at(twice, "/part"), data={"reason": "并非同一单位", "row_version": twice.row_version})
        assert done.status_code == 303
        db.session.rollback()
        assert twice.status is OrganisationStatus.ACTIVE

    def test_what_is_undecided_is_asked_again(self, world: World, twice: Organisation, client: Client) -> None:
        client.sign_in(world.head)
        page = look(client, twice, world.centre)
        answer = client.post(at(twice, "/merge"), data=order(page, twice, world.centre, choose_uscc=""))
        assert answer.status_code == 422
        assert 'href="#f-choose_uscc"' in answer.text
        assert "重复录入" in answer.text
        assert twice.status is OrganisationStatus.ACTIVE

    def test_what_changed_since_is_looked_at_again(self, world: World, twice: Organisation, client: Client) -> None:
        client.sign_in(world.head)
        given = order(look(client, twice, world.centre), twice, world.centre, seen="0" * 64)
        assert client.post(at(twice, "/merge"), data=given).status_code == 422

    def test_what_is_in_the_way_is_told(self, world: World, client: Client) -> None:
        client.sign_in(world.province_handler)
        page = look(client, world.school, world.anshan)
        assert "note-bad" in page
        assert 'name="reason"' not in page

    @pytest.mark.parametrize("target", ["nobody", "x" * 40])
    def test_an_unknown_target(self, world: World, twice: Organisation, client: Client, target: str) -> None:
        client.sign_in(world.head)
        answer = client.get(at(twice, f"/merge?target={target}"))
        assert answer.status_code == 422
        given = {"target": "nobody", "reason": "重复录入", "row_version": twice.row_version}
        assert client.post(at(twice, "/merge"), data=given).status_code == 422

    def test_a_stale_form(self, world: World, twice: Organisation, client: Client) -> None:
        client.sign_in(world.head)
        page = look(client, twice, world.centre)
        assert client.post(at(twice, "/merge"), data=order(page, twice, world.centre, row_version=9)).status_code == 409

    def test_a_stranger_a_handler_and_an_unknown_one(self, world: World, twice: Organisation, client: Client) -> None:
        client.sign_in(world.head)
        assert client.get(at(world.school, f"/merge?target={world.partner.public_id}")).status_code == 403
        assert client.get("/organisations/01ARZ3NDEKTSV4RRFFQ69G5FAV/merge").status_code == 404
        client.sign_in(world.handler)
        for leaf in ("/merge", "/part", "/close"):
            assert client.post(at(twice, leaf), data={}).status_code == 403
        assert "/merge" not in client.get(at(twice)).text

    @pytest.mark.parametrize("leaf", ["/merge", "/part", "/close"])
    def test_unknown_ones_and_whoever_is_signed_out(
        self, world: World, twice: Organisation, client: Client, leaf: str
    ) -> None:
        given = {"reason": "重复录入", "target": world.centre.public_id, "closed_on": "2026-03-01", "row_version": 1}
        assert client.post(at(twice, leaf), data=given).status_code in {302, 303, 401}
        client.sign_in(world.head)
        assert client.post(f"/organisations/01ARZ3NDEKTSV4RRFFQ69G5FAV{leaf}", data=given).status_code == 404
        db.session.rollback()
        assert twice.status is OrganisationStatus.ACTIVE


class TestDissolving:
    def test_with_a_successor(self, world: World, twice: Organisation, client: Client) -> None:
        client.sign_in(world.head)
        assert world.centre.public_id in client.get(at(twice, "/close")).text
        given = {"closed_on": "2026-03-01", "reason": "机构改革", "successor": world.centre.public_id}
        wrong = client.post(at(twice, "/close"), data=given | {"reason": "", "row_version": twice.row_version})
        assert wrong.status_code == 422
        assert 'value="2026-03-01"' in wrong.text
        assert client.post(at(twice, "/close"), data=given | {"row_version": twice.row_version}).status_code == 303
        page = client.get(at(twice)).text
        assert "机构改革" in page
        assert world.centre.public_id in page
        assert twice.public_id in client.get(at(world.centre)).text
        found = client.get("/organisations/suggest?q=鞍山人才中心").json or []
        assert [one["name"] for one in found] == ["鞍山市人才服务中心"]
        assert "鞍山人才中心" in found[0]["hint"]

    def test_a_stranger(self, world: World, client: Client) -> None:
        client.sign_in(world.head)
        given = {"closed_on": "2026-03-01", "reason": "机构改革", "row_version": world.school.row_version}
        assert client.get(at(world.school, "/close")).status_code == 403
        assert client.post(at(world.school, "/close"), data=given).status_code == 403


class TestTies:
    def test_they_come_and_go_and_are_shown_both_ways(self, world: World, client: Client) -> None:
        client.sign_in(world.handler)
        given = {"tie": "attached", "other": world.school.public_id, "row_version": world.centre.row_version}
        assert client.post(at(world.centre, "/ties"), data=given | {"tie": "nonsense"}).status_code == 422
        assert client.post(at(world.centre, "/ties"), data=given).status_code == 303
        page = client.get(at(world.centre)).text
        assert world.school.public_id in page
        assert world.centre.public_id in client.get(at(world.school)).text
        remove = re.search(r'action="([^"]+/ties/[^"]+/remove)"', page)
        assert remove
        db.session.rollback()
        foreign = remove[1].replace(world.centre.public_id, world.anshan.public_id)
        assert client.post(foreign, data={"row_version": world.anshan.row_version}).status_code == 403
        assert client.post(remove[1], data={"row_version": world.centre.row_version}).status_code == 303
        assert world.school.public_id not in client.get(at(world.centre)).text

    def test_not_ones_own(self, world: World, client: Client) -> None:
        client.sign_in(world.handler)
        given = {"tie": "attached", "other": world.school.public_id, "row_version": world.anshan.row_version}
        assert client.post(at(world.anshan, "/ties"), data=given).status_code == 403
