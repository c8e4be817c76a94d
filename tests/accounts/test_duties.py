"""First things first."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from registry.accounts.models import User, UserSession
from registry.core.access.roles import ADMINISTRATORS, Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.organisations.models import Organisation, OrganisationKind
from tests.conftest import Client
from tests.factories import make_organisation

from .people import make_person

PASSWORD_PAGE, FACTOR_PAGE = "/account/password", "/account/second-factor"


def change(user: User, **values: object) -> None:
    with transaction():
        for name, value in values.items():
            setattr(user, name, value)


def test_initial_password_goes_first(client: Client) -> None:
    user = make_person(Role.SYSTEM_ADMIN)
    change(user, must_change_password=True)
    client.sign_in(user, second_factor=False)
    for address in ("/account", "/users", FACTOR_PAGE):
        answer = client.get(address)
        assert (answer.status_code, answer.location) == (303, PASSWORD_PAGE)
    assert client.get(PASSWORD_PAGE).status_code == 200


def test_old_passwords_are_changed_first(client: Client) -> None:
    user = make_person()
    change(user, password_changed_at=now() - timedelta(days=91))
    assert client.sign_in(user).get("/account").location == PASSWORD_PAGE


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_administrators_enrol_a_second_factor_first(client: Client, role: Role) -> None:
    client.sign_in(make_person(role), second_factor=False)
    assert client.get("/account").location == FACTOR_PAGE
    assert client.get(FACTOR_PAGE).status_code == 200


def test_posts_are_held_back_too(client: Client) -> None:
    client.sign_in(make_person(Role.SYSTEM_ADMIN), second_factor=False)
    answer = client.post("/users/new", data={"account": "sneaked.in", "name": "x", "organisation": "x"})
    assert answer.location == FACTOR_PAGE
    assert db.session.scalars(select(User).where(User.account == "sneaked.in")).one_or_none() is None


def test_sign_out_is_always_possible(client: Client) -> None:
    client.sign_in(make_person(Role.AUDITOR), second_factor=False)
    assert client.post("/sign-out").location == "/sign-in"


def test_business_people_need_no_second_factor(client: Client) -> None:
    assert client.sign_in(make_person(Role.HANDLER), second_factor=False).get("/account").status_code == 200


def test_people_of_the_demonstration_are_exempt(client: Client) -> None:
    user = make_person(Role.AUDITOR, is_demo=True)
    change(user, must_change_password=True)
    assert client.sign_in(user, second_factor=False).get("/account").status_code == 200


def test_use_is_noted_once_a_minute(client: Client) -> None:
    client.sign_in(make_person(Role.OVERSEER, organisation=_province()))
    row = db.session.scalars(select(UserSession)).one()
    fresh = now() - timedelta(seconds=30)
    change_session(row, fresh)
    client.get("/account")
    assert db.session.scalars(select(UserSession.seen_at)).one() == fresh
    change_session(row, now() - timedelta(seconds=90))
    client.get("/account")
    assert now() - db.session.scalars(select(UserSession.seen_at)).one() < timedelta(seconds=20)


def change_session(row: UserSession, moment: datetime) -> None:
    with transaction():
        db.session.get_one(UserSession, row.id).seen_at = moment


def _province() -> Organisation:
    with transaction():
        return make_organisation(kind=OrganisationKind.HR_DEPARTMENT)


@pytest.mark.parametrize(
    ("role", "minutes", "alive"),
    [(Role.HANDLER, 29, True), (Role.HANDLER, 31, False), (Role.AUDITOR, 14, True), (Role.AUDITOR, 16, False)],
)
def test_idle_limits(client: Client, role: Role, minutes: int, alive: bool) -> None:
    client.sign_in(make_person(role))
    row = db.session.scalars(select(UserSession)).one()
    change_session(row, now() - timedelta(minutes=minutes))
    assert (client.get("/account").status_code == 200) is alive


@pytest.mark.parametrize(
    ("role", "hours", "alive"),
    [(Role.HANDLER, 11, True), (Role.HANDLER, 13, False), (Role.AUDITOR, 7, True), (Role.AUDITOR, 9, False)],
)
def test_absolute_limits(client: Client, role: Role, hours: int, alive: bool) -> None:
    client.sign_in(make_person(role))
    with transaction():
        db.session.scalars(select(UserSession)).one().started_at = now() - timedelta(hours=hours)
    assert (client.get("/account").status_code == 200) is alive
