"""Closed by default: every route, as every role and as nobody. New routes are covered by themselves."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.audit.models import AuditHead
from registry.core.access.actions import Action
from registry.core.access.roles import ADMINISTRATORS, BUSINESS, Role
from registry.core.access.table import TABLE
from registry.core.db import Model, db, transaction
from registry.core.web.guard import OPEN_ENDPOINTS
from registry.organisations.models import OrganisationKind
from tests.conftest import EVERYWHERE, Client
from tests.factories import make_organisation, make_user

from . import access

BEHIND = "/sign-in"
# What a signed-in person's look may write: when the session was last used.
TOUCHED = frozenset({"user_session"})


def person(role: Role) -> User:
    with transaction():
        return make_user(role, organisation=make_organisation(kind=OrganisationKind.HR_DEPARTMENT))


def allowed(app: Flask, endpoint: str, role: Role) -> bool:
    action = access.action_of(app, endpoint)
    assert action is not None
    return role in TABLE[action].roles


def worth_asking(app: Flask, method: str, role: Role) -> list[tuple[str, str]]:
    """All; the bounded profile asks for refusals on SQLite, and PostgreSQL only what runs further than the policy."""
    every = access.requests(app, method, is_open=False)
    if EVERYWHERE or db.engine.dialect.name == "sqlite":
        return every
    return [(endpoint, address) for endpoint, address in every if allowed(app, endpoint, role)]


# The inventory


def test_every_endpoint_names_its_action_or_is_open(app: Flask) -> None:
    silent = {name for name in app.view_functions if access.action_of(app, name) is None}
    assert silent - OPEN_ENDPOINTS == set(), "these views need @needs(Action.…)"


def test_no_endpoint_is_both(app: Flask) -> None:
    named = {name for name in app.view_functions if access.action_of(app, name) is not None}
    assert named & OPEN_ENDPOINTS == set()


def test_every_open_endpoint_exists(app: Flask) -> None:
    assert set(app.view_functions) >= OPEN_ENDPOINTS


def test_every_action_is_in_the_policy_table() -> None:
    assert set(TABLE) == set(Action)


def test_policy_names_somebody_for_every_action() -> None:
    assert [action for action, rule in TABLE.items() if not rule.roles] == []


def test_administrators_have_no_business_rights() -> None:
    shared = {Action.HOME_VIEW, Action.ACCOUNT_MANAGE_OWN, Action.MESSAGE_VIEW_OWN, Action.MESSAGE_MANAGE_OWN}
    for action, rule in TABLE.items():
        if action not in shared:
            assert not (rule.roles & ADMINISTRATORS and rule.roles & BUSINESS), action


def test_committed_table_is_the_live_policy(app: Flask) -> None:
    committed = access.COMMITTED.read_text(encoding="utf-8")
    assert access.table(app) == committed, "look at the difference, then run: python -m tests.guards.access"


def test_every_route_has_a_safe_or_an_unsafe_view(app: Flask) -> None:
    for rule in access.rules(app):
        odd = (rule.methods or set()) - access.SAFE - {"POST"}
        assert not odd, f"{rule.endpoint}: forms send GET and POST only, not {odd}"


# Really asked


@pytest.mark.parametrize("role", list(Role))
def test_get_as_each_role(client: Client, role: Role) -> None:
    """What the policy says is what happens, and looking changes nothing."""
    client.sign_in(person(role))
    app = client.application
    before = _counts()
    for endpoint, address in worth_asking(app, "GET", role):
        may = allowed(app, endpoint, role)
        status = client.get(address, headers=access.told(may)).status_code
        if may:
            assert status in (200, 302, 303, 404), f"{role}: {address} ({endpoint}) gave {status}"
        else:
            assert status == 403, f"{role}: {address} ({endpoint}) gave {status}, not 403"
    assert _counts() == before


def test_get_as_nobody(client: Client) -> None:
    for endpoint, address in access.requests(client.application, "GET", is_open=False):
        answer = client.get(address)
        assert answer.status_code in (302, 303), f"{endpoint} gave {answer.status_code}"
        assert answer.location.startswith(BEHIND), f"{endpoint} leads to {answer.location}"


def test_get_of_open_pages(client: Client) -> None:
    for endpoint, address in access.requests(client.application, "GET", is_open=True):
        assert client.get(address).status_code < 500, endpoint


def _counts() -> dict[str, int]:
    db.session.rollback()
    tables = [table for name, table in Model.metadata.tables.items() if name not in TOUCHED]
    counts = {table.name: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
    return counts | {"audit seq": db.session.scalars(select(AuditHead.seq)).one()}


@pytest.mark.parametrize("role", list(Role))
def test_post_as_each_role(client: Client, role: Role) -> None:
    """An empty form, as who may: an answer, never a crash; as who may not: 403."""
    user = person(role)
    app = client.application
    may = True
    for endpoint, address in worth_asking(app, "POST", role):
        if may:  # what was done last may have ended the session
            client.sign_in(user)
        may = allowed(app, endpoint, role)
        with client.post(address, headers=access.told(may)) as answer:
            status = answer.status_code
        if may:
            assert status < 500, f"{role}: {address} ({endpoint}) gave {status}"
        else:
            assert status == 403, f"{role}: {address} ({endpoint}) gave {status}, not 403"


def test_post_as_nobody(client: Client) -> None:
    before = _counts()
    for endpoint, address in access.requests(client.application, "POST", is_open=False):
        answer = client.post(address, data={"name": "x"})
        assert answer.status_code in (302, 303, 401), f"{endpoint} gave {answer.status_code}"
        assert answer.location.startswith(BEHIND), f"{endpoint} leads to {answer.location}"
    assert _counts() == before


# Other sites


@pytest.fixture
def guarded(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser whose forms are checked for CSRF tokens."""
    monkeypatch.setitem(client.application.config, "WTF_CSRF_ENABLED", True)
    return client


def somebody_allowed(app: Flask, endpoint: str) -> Role:
    action = access.action_of(app, endpoint)
    return min(TABLE[action].roles) if action else Role.HANDLER


def test_no_form_without_its_token(guarded: Client) -> None:
    app = guarded.application
    people = {role: person(role) for role in Role}
    for is_open in (True, False):
        for endpoint, address in access.requests(app, "POST", is_open=is_open):
            guarded.sign_in(people[somebody_allowed(app, endpoint)])
            sent = guarded.post(address, data={"csrf_token": "made up"}, headers=access.told(False))
            assert sent.status_code == 403, endpoint


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_no_form_from_another_site(client: Client, headers: dict[str, str]) -> None:
    client.sign_in(person(Role.HANDLER))
    for is_open in (True, False):
        for endpoint, address in access.requests(client.application, "POST", is_open=is_open):
            assert client.post(address, headers=headers | access.told(False)).status_code == 403, endpoint


def test_own_forms_pass(guarded: Client) -> None:
    page = guarded.get(BEHIND).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "account": "nobody", "password": "x"}
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert guarded.post(BEHIND, data=data, headers=headers).status_code == 422
