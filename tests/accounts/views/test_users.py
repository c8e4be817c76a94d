"""Pages of the system and the security administrator."""

import re

import pytest
from sqlalchemy import select

from registry.accounts.models import RoleProposal, User, UserStatus
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.models import Organisation
from tests.accounts.people import make_person, with_second_factor
from tests.conftest import Client
from tests.factories import make_organisation

OTHERS = [role for role in Role if role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)]


def bureau(name: str = "测试局") -> Organisation:
    with transaction():
        return make_organisation(name)


def fresh(user: User) -> User:
    db.session.rollback()
    return db.session.get_one(User, user.id)


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="/users/[0-9A-Z]+">([^<]+)</a>', page)


# The list


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_both_see_everybody(client: Client, role: Role) -> None:
    people = [make_person(Role.HANDLER), make_person(Role.AUDITOR)]
    page = client.sign_in(make_person(role)).get("/users")
    assert page.status_code == 200
    assert {person.name for person in people} < set(names(page.text))


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_does(client: Client, role: Role) -> None:
    user = make_person(role)
    client.sign_in(user)
    assert client.get("/users").status_code == 403
    assert client.get(f"/users/{user.public_id}").status_code == 403


def test_filters(client: Client) -> None:
    place = bureau("鞍山测试局")
    wanted = make_person(Role.LEADER, organisation=place)
    other = make_person(Role.HANDLER)
    with transaction():
        other.disable()
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    for query in (f"text={wanted.account}", "text=鞍山测试", f"organisation={place.public_id}", "role=leader"):
        assert names(client.get(f"/users?{query}").text) == [wanted.name]
    assert names(client.get("/users?status=disabled").text) == [other.name]
    assert names(client.get("/users?text=%25").text) == []
    assert client.get("/users?role=nonsense&status=nonsense&page=x").status_code == 200


def test_pages(client: Client) -> None:
    place = bureau()
    for _ in range(27):
        make_person(organisation=place)
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    address = f"/users?organisation={place.public_id}"
    assert len(names(client.get(address).text)) == 25
    assert len(names(client.get(f"{address}&page=2").text)) == 2


# The system administrator


def test_a_user_is_made_with_a_link_shown_once(client: Client) -> None:
    place = bureau()
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    assert client.get("/users/new").status_code == 200
    page = client.post("/users/new", data={"account": "Li.Si", "name": "李四", "organisation": place.public_id})
    assert page.status_code == 200
    found = re.search(r"https?://[^/]+(/set-password/[\w-]+)", page.text)
    assert found
    assert client.get(found[1]).status_code == 200
    user = db.session.scalars(select(User).where(User.account == "li.si")).one()
    assert user.status is UserStatus.PENDING
    assert "/set-password/" not in client.get(f"/users/{user.public_id}").text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"account": "ab"}, "account"),
        ({"account": "李四"}, "account"),
        ({"account": "<script>"}, "account"),
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"organisation": "unknown"}, "organisation"),
        ({"organisation": ""}, "organisation"),
        ({"account": "TAKEN"}, "account"),
    ],
)
def test_bad_input_stands_at_the_field_and_nothing_is_saved(
    client: Client, changed: dict[str, str], field: str
) -> None:
    place = bureau()
    person = make_person(Role.SYSTEM_ADMIN)
    with transaction():
        person.account = "taken"
    client.sign_in(person)
    given = {"account": "li.si", "name": "李四", "organisation": place.public_id, **changed}
    page = client.post("/users/new", data=given)
    assert page.status_code == 422
    assert f'id="f-{field}-wrong"' in page.text
    assert db.session.scalars(select(User)).all() == [person]


def test_roles_cannot_be_smuggled_in(client: Client) -> None:
    place = bureau()
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    data = {"account": "li.si", "name": "李四", "organisation": place.public_id, "status": "active", "roles": "handler"}
    assert client.post("/users/new", data=data).status_code == 422


def test_edit_and_stale_edit(client: Client) -> None:
    user = make_person()
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    address = f"/users/{user.public_id}/edit"
    assert client.get(address).status_code == 200
    version = str(fresh(user).row_version)
    given = {"name": "新名", "organisation": user.organisation.public_id, "row_version": version}
    assert client.post(address, data=given).location == f"/users/{user.public_id}"
    assert fresh(user).name == "新名"
    assert client.post(address, data={**given, "name": "更新"}).status_code == 409
    assert client.post(address, data={**given, "name": "", "row_version": "2"}).status_code == 422


def test_disable_needs_a_reason(client: Client) -> None:
    user = make_person()
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    assert client.post(f"/users/{user.public_id}/disable", data={"reason": ""}).status_code == 422
    assert fresh(user).status is UserStatus.ACTIVE
    assert client.post(f"/users/{user.public_id}/disable", data={"reason": "调离"}).status_code == 303
    assert fresh(user).status is UserStatus.DISABLED
    assert client.post(f"/users/{user.public_id}/enable").status_code == 303
    assert fresh(user).status is UserStatus.ACTIVE


def test_reset_shows_a_link(client: Client) -> None:
    user = make_person()
    page = client.sign_in(make_person(Role.SYSTEM_ADMIN)).post(f"/users/{user.public_id}/reset-password")
    assert "/set-password/" in page.text
    assert fresh(user).password_hash == ""


def test_system_administrators_touch_no_roles(client: Client) -> None:
    user = make_person()
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    assert client.post(f"/users/{user.public_id}/roles", data={"role": "leader"}).status_code == 403
    assert "/roles" not in client.get(f"/users/{user.public_id}").text


# The security administrator


def test_security_administrators_touch_no_accounts(client: Client) -> None:
    user = make_person()
    client.sign_in(make_person(Role.SECURITY_ADMIN))
    page = client.get(f"/users/{user.public_id}").text
    for act in ("disable", "reset-password", "edit", "enable"):
        assert f"/users/{user.public_id}/{act}" not in page
        assert client.post(f"/users/{user.public_id}/{act}", data={"reason": "x"}).status_code == 403
    assert client.get("/users/new").status_code == 403


def test_roles_are_granted_and_revoked(client: Client) -> None:
    user = make_person(Role.HANDLER)
    client.sign_in(make_person(Role.SECURITY_ADMIN))
    assert client.post(f"/users/{user.public_id}/roles", data={"role": "leader"}).status_code == 303
    assert fresh(user).roles == {Role.HANDLER, Role.LEADER}
    assert client.post(f"/users/{user.public_id}/roles/revoke", data={"role": "handler"}).status_code == 303
    assert fresh(user).roles == {Role.LEADER}


@pytest.mark.parametrize("role", ["", "emperor"])
def test_unknown_roles_are_refused(client: Client, role: str) -> None:
    user = make_person()
    client.sign_in(make_person(Role.SECURITY_ADMIN))
    assert client.post(f"/users/{user.public_id}/roles", data={"role": role}).status_code == 422
    assert client.post(f"/users/{user.public_id}/roles/revoke", data={"role": role}).status_code == 422


def test_nobody_changes_their_own_roles(client: Client) -> None:
    user = make_person(Role.SECURITY_ADMIN)
    make_person(Role.SECURITY_ADMIN)
    client.sign_in(user)
    assert client.post(f"/users/{user.public_id}/roles", data={"role": "handler"}).status_code == 403
    assert client.post(f"/users/{user.public_id}/roles/revoke", data={"role": "security_admin"}).status_code == 403


def test_an_administrator_is_proposed_and_confirmed_by_another(client: Client) -> None:
    first, second, user = make_person(Role.SECURITY_ADMIN), make_person(Role.SECURITY_ADMIN), make_person()
    with transaction():
        user.role_grants.clear()
        user.settle_status()
    client.sign_in(first).post(f"/users/{user.public_id}/roles", data={"role": "auditor"})
    proposal = db.session.scalars(select(RoleProposal)).one()
    assert fresh(user).roles == frozenset()
    assert "/confirm" not in client.get("/role-proposals").text
    assert client.post(f"/role-proposals/{proposal.public_id}/confirm").status_code == 403
    client.sign_in(second)
    assert f"/role-proposals/{proposal.public_id}/confirm" in client.get("/role-proposals").text
    assert client.post(f"/role-proposals/{proposal.public_id}/confirm").status_code == 303
    assert fresh(user).roles == {Role.AUDITOR}
    assert client.post(f"/role-proposals/{proposal.public_id}/confirm").status_code == 409


def test_a_proposal_is_rejected(client: Client) -> None:
    first, second, user = make_person(Role.SECURITY_ADMIN), make_person(Role.SECURITY_ADMIN), make_person()
    third = make_person(Role.SECURITY_ADMIN)
    client.sign_in(first).post(f"/users/{third.public_id}/roles/revoke", data={"role": "security_admin"})
    proposal = db.session.scalars(select(RoleProposal)).one()
    assert client.sign_in(second).post(f"/role-proposals/{proposal.public_id}/reject").status_code == 303
    assert fresh(third).roles == {Role.SECURITY_ADMIN}
    assert client.get(f"/users/{user.public_id}").status_code == 200


def test_a_lost_second_factor_is_reset_with_a_reason(client: Client) -> None:
    user = with_second_factor(make_person())
    client.sign_in(make_person(Role.SECURITY_ADMIN))
    address = f"/users/{user.public_id}/reset-second-factor"
    assert address in client.get(f"/users/{user.public_id}").text
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert client.post(address, data={"reason": "手机遗失"}).status_code == 303
    assert not fresh(user).has_second_factor


@pytest.mark.parametrize("address", ["/users/X", "/users/X/edit"])
def test_unknown_people_are_not_found(client: Client, address: str) -> None:
    assert client.sign_in(make_person(Role.SYSTEM_ADMIN)).get(address).status_code == 404


def test_english_pages(client: Client) -> None:
    user = make_person()
    client.sign_in(make_person(Role.SYSTEM_ADMIN))
    client.set_cookie("language", "en")
    assert "Second factor" in client.get(f"/users/{user.public_id}").text
