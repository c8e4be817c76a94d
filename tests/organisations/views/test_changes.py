"""Forms of organisations: happy path, invalid input, wrong role, somebody else's record, signed out."""

import pytest
from sqlalchemy import select

from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.models import Organisation
from tests.conftest import Client
from tests.factories import make_user
from tests.organisations.conftest import World

NEW = {"kind": "enterprise", "name_zh": "鞍山示例机械有限公司", "region_code": "210300"}
LEAVES = ("edit", "rename")


def named(name: str) -> Organisation | None:
    db.session.rollback()
    return db.session.scalar(select(Organisation).where(Organisation.name_zh == name))


def form_of(organisation: Organisation, **values: object) -> dict[str, object]:
    present: dict[str, object] = {"kind": organisation.kind.value, "region_code": organisation.region_code}
    present |= {"moe_code": organisation.moe_code or "", "row_version": organisation.row_version}
    return present | values


class TestNew:
    def test_it_is_added(self, world: World, client: Client) -> None:
        client.sign_in(world.handler)
        answer = client.post("/organisations/new", data=NEW | {"uscc": "9111 0000 6000 3734 1l"})
        made = named(NEW["name_zh"])
        assert made
        assert made.uscc == "91110000600037341L"
        assert answer.status_code == 303
        assert answer.location.endswith(made.public_id)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name_zh", ""),
            ("name_zh", "ACME"),
            ("name_zh", "大" * 201),
            ("kind", "nonsense"),
            ("region_code", "999999"),
            ("uscc", "911100006000373410"),
            ("uscc", "9111"),
            ("moe_code", "123"),
            ("note", "机密★"),
            ("status", "merged"),
            ("superior", "nobody"),
        ],
    )
    def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
        self, world: World, client: Client, field: str, value: str
    ) -> None:
        client.sign_in(world.handler)
        answer = client.post("/organisations/new", data=NEW | {"address": "鞍山市某路1号", field: value})
        assert answer.status_code == 422
        assert "鞍山市某路1号" in answer.text
        assert f'href="#f-{field}"' in answer.text
        assert named(NEW["name_zh"]) is None

    def test_similar_names_are_compared_first(self, world: World, client: Client) -> None:
        client.sign_in(world.handler)
        given = {"kind": "university", "name_zh": "西北大学", "region_code": "610100"}
        answer = client.post("/organisations/new", data=given)
        assert answer.status_code == 422
        assert "4161010699" in answer.text
        assert "陕西省西安市" in answer.text
        assert 'name="is_distinct"' in answer.text
        assert client.post("/organisations/new", data=given | {"is_distinct": "true"}).status_code == 303

    def test_a_viewer_may_not(self, world: World, client: Client) -> None:
        with transaction():
            viewer = make_user(Role.VIEWER, organisation=world.anshan)
        client.sign_in(viewer)
        assert client.get("/organisations/new").status_code == 403
        assert client.post("/organisations/new", data=NEW).status_code == 403

    def test_signed_out(self, world: World, client: Client) -> None:
        assert client.post("/organisations/new", data=NEW).status_code in (302, 303)
        assert named(NEW["name_zh"]) is None


class TestEdit:
    def test_it_is_saved(self, world: World, client: Client) -> None:
        client.sign_in(world.school_handler)
        address = f"/organisations/{world.school.public_id}/edit"
        assert "4121010169" in client.get(address).text
        answer = client.post(address, data=form_of(world.school, name_en="Anshan Normal University"))
        assert answer.status_code == 303
        db.session.rollback()
        assert world.school.name_en == "Anshan Normal University"
        page = client.get(f"/organisations/{world.school.public_id}").text
        assert "师某" in page  # the change log

    def test_a_wrong_field(self, world: World, client: Client) -> None:
        client.sign_in(world.school_handler)
        answer = client.post(
            f"/organisations/{world.school.public_id}/edit", data=form_of(world.school, moe_code="41", address="某路")
        )
        assert answer.status_code == 422
        assert "某路" in answer.text

    def test_a_stale_form_says_who_changed_what(self, world: World, client: Client) -> None:
        given = form_of(world.school, address="甲地")
        client.sign_in(world.province_handler)
        assert client.post(f"/organisations/{world.school.public_id}/edit", data=given).status_code == 303
        client.sign_in(world.school_handler)
        answer = client.post(f"/organisations/{world.school.public_id}/edit", data=given | {"address": "乙地"})
        assert answer.status_code == 409
        assert "省某" in answer.text
        assert "甲地" in answer.text

    def test_without_a_version(self, world: World, client: Client) -> None:
        given = form_of(world.school)
        given.pop("row_version")
        client.sign_in(world.school_handler)
        assert client.post(f"/organisations/{world.school.public_id}/edit", data=given).status_code == 409

    def test_the_own_region_is_not_ones_own_to_change(self, world: World, client: Client) -> None:
        client.sign_in(world.school_handler)
        address = f"/organisations/{world.school.public_id}/edit"
        assert '<select id="f-region_code"' not in client.get(address).text
        assert client.post(address, data=form_of(world.school, region_code="610100")).status_code == 403


class TestOtherForms:
    def test_rename(self, world: World, client: Client) -> None:
        client.sign_in(world.school_handler)
        address = f"/organisations/{world.school.public_id}/rename"
        assert client.get(address).status_code == 200
        wrong = client.post(address, data={"name_zh": "鞍山大学", "changed_on": "2023-02-30", "row_version": 1})
        assert wrong.status_code == 422
        right = {"name_zh": "鞍山大学", "changed_on": "2023年3月1日", "row_version": world.school.row_version}
        assert client.post(address, data=right).status_code == 303
        page = client.get(f"/organisations/{world.school.public_id}").text
        assert "鞍山师范学院" in page
        assert "2023-02-28" in page

    @pytest.mark.parametrize("leaf", LEAVES)
    def test_somebody_elses_record(self, world: World, client: Client, leaf: str) -> None:
        client.sign_in(world.handler)
        address = f"/organisations/{world.partner.public_id}/{leaf}"
        assert client.get(address).status_code == 403
        given = form_of(world.partner)
        sent = given if leaf == "edit" else {"name_zh": "某大学", "row_version": given["row_version"]}
        assert client.post(address, data=sent).status_code == 403
        db.session.rollback()
        assert world.partner.name_zh == "西北工业大学"

    @pytest.mark.parametrize("leaf", LEAVES)
    def test_wrong_role_and_signed_out(self, world: World, client: Client, leaf: str) -> None:
        address = f"/organisations/{world.school.public_id}/{leaf}"
        assert client.post(address, data={}).status_code in (302, 303)
        client.sign_in(world.overseer)
        assert client.post(address, data={}).status_code == 403

    @pytest.mark.parametrize("leaf", LEAVES)
    def test_an_unknown_organisation(self, world: World, client: Client, leaf: str) -> None:
        client.sign_in(world.province_handler)
        sent = form_of(world.school) if leaf == "edit" else {"name_zh": "某大学"}
        assert client.post(f"/organisations/01ARZ3NDEKTSV4RRFFQ69G5FAV/{leaf}", data=sent).status_code == 404
