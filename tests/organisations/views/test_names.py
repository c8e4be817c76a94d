"""Forms of former names and short forms."""

import pytest

from registry.core.db import db
from registry.organisations.models import OrganisationName
from tests.conftest import Client
from tests.organisations.conftest import World

NOBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
GIVEN = {"name_zh": "鞍山师范专科学校", "valid_from": "1958", "valid_to": "1993年5月31日", "source": "校史"}


def enter(world: World, client: Client, **changes: str) -> OrganisationName:
    client.sign_in(world.school_handler)
    address = f"/organisations/{world.school.public_id}/names/new"
    answer = client.post(address, data=GIVEN | changes | {"row_version": world.school.row_version})
    assert answer.status_code == 303
    db.session.rollback()
    return world.school.former_names[-1]


def test_it_is_entered_shown_and_corrected(world: World, client: Client) -> None:
    row = enter(world, client)
    page = client.get(f"/organisations/{world.school.public_id}").text
    assert "1958年 – 1993-05-31" in page
    assert "校史" in page
    assert "1993-06-01" in page  # since when it has the present name
    address = f"/organisations/{world.school.public_id}/names/{row.public_id}/edit"
    assert 'value="1958"' in client.get(address).text
    given = GIVEN | {"valid_from": "1958-09", "row_version": world.school.row_version}
    assert client.post(address, data=given).status_code == 303
    assert "1958年9月" in client.get(f"/organisations/{world.school.public_id}").text


@pytest.mark.parametrize(("field", "value"), [("valid_from", "1958-13"), ("name_zh", ""), ("valid_to", "1900-01-01")])
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(world: World, client: Client, field: str, value: str) -> None:
    client.sign_in(world.school_handler)
    address = f"/organisations/{world.school.public_id}/names/new"
    answer = client.post(address, data=GIVEN | {"row_version": world.school.row_version, field: value})
    assert answer.status_code == 422
    assert 'value="校史"' in answer.text
    assert f'href="#f-{field}"' in answer.text


def test_a_stale_form_is_told_what_changed(world: World, client: Client) -> None:
    version = world.school.row_version
    enter(world, client)
    address = f"/organisations/{world.school.public_id}/names/new"
    other = {"name_zh": "鞍山师范学校", "valid_to": "1957", "row_version": version}
    answer = client.post(address, data=other)
    assert answer.status_code == 409
    assert "鞍山师范专科学校" in answer.text


def test_it_is_taken_out_with_a_reason(world: World, client: Client) -> None:
    row = enter(world, client)
    address = f"/organisations/{world.school.public_id}/names/{row.public_id}/remove"
    refused = client.post(address, data={"reason": "", "row_version": world.school.row_version})
    assert refused.status_code == 422
    done = client.post(address, data={"reason": "录错单位", "row_version": world.school.row_version})
    assert done.status_code == 303
    db.session.rollback()
    assert world.school.former_names == []


def test_a_name_of_another_organisation(world: World, client: Client) -> None:
    row = enter(world, client)
    client.sign_in(world.province_handler)
    for name_id in (row.public_id, NOBODY):
        address = f"/organisations/{world.anshan.public_id}/names/{name_id}"
        assert client.get(f"{address}/edit").status_code == 404
        version = {"row_version": world.anshan.row_version}
        assert client.post(f"{address}/edit", data=GIVEN | version).status_code == 404
        assert client.post(f"{address}/remove", data={"reason": "录错单位"} | version).status_code == 404


def test_short_forms_come_and_go(world: World, client: Client) -> None:
    client.sign_in(world.school_handler)
    address = f"/organisations/{world.school.public_id}/aliases"
    assert client.post(address, data={"alias": "鞍师"}).status_code == 303
    again = client.post(address, data={"alias": "鞍师"})
    assert again.status_code == 422
    assert 'value="鞍师"' in again.text
    db.session.rollback()
    given = {"alias": "鞍师", "row_version": world.school.row_version}
    assert client.post(f"{address}/remove", data=given).status_code == 303
    assert client.post(f"{address}/remove", data=given).status_code == 409


@pytest.mark.parametrize("leaf", ["names/new", "aliases", "aliases/remove"])
def test_wrong_role_stranger_and_signed_out(world: World, client: Client, leaf: str) -> None:
    address = f"/organisations/{world.school.public_id}/{leaf}"
    given = GIVEN if leaf == "names/new" else {"alias": "鞍师"}
    assert client.post(address, data=given).status_code in (302, 303)
    for somebody in (world.overseer, world.handler):
        client.sign_in(somebody)
        assert client.post(address, data=given).status_code == 403
    db.session.rollback()
    assert (world.school.former_names, world.school.aliases) == ([], [])
