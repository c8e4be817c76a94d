"""The first administrators, and the way back in."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from registry.accounts import demonstration, tokens
from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.config import DEMO_SECRET, BadSetting, Settings
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.organisations.models import OrganisationKind
from tests.accounts.people import make_person
from tests.factories import make_organisation, make_region

LINK = re.compile(r"http://127\.0\.0\.1:8000/set-password/([\w-]+)")


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["registry", *words])
    return result.exit_code, result.output


@pytest.fixture
def province(app: Flask) -> None:
    with transaction():
        home = make_region("210000", "测试省", "Test Province")
        make_region().parent_code = home.code
        make_organisation("测试省厅", OrganisationKind.HR_DEPARTMENT, home)
        elsewhere = make_region("220000", "另一省", "Another Province")
        make_organisation("另一省厅", OrganisationKind.HR_DEPARTMENT, elsewhere)


@pytest.mark.usefixtures("province")
def test_init_makes_four_with_links(app: Flask) -> None:
    code, output = run(app, "init")
    assert code == 0, output
    people = {user.account: user for user in db.session.scalars(select(User))}
    assert {account: set(user.roles) for account, user in people.items()} == {
        "sysadmin": {Role.SYSTEM_ADMIN},
        "secadmin1": {Role.SECURITY_ADMIN},
        "secadmin2": {Role.SECURITY_ADMIN},
        "auditor": {Role.AUDITOR},
    }
    assert {user.organisation.name_zh for user in people.values()} == {"测试省厅"}
    found = [tokens.find(token, now()) for token in LINK.findall(output)]
    assert [owner[0].account for owner in found if owner] == ["sysadmin", "secadmin1", "secadmin2", "auditor"]
    assert db.session.scalars(select(AuditEvent.action)).all().count("account:role_granted") == 4


@pytest.mark.usefixtures("province")
def test_init_refuses_when_there_is_an_administrator(app: Flask) -> None:
    make_person(Role.AUDITOR)
    code, output = run(app, "init")
    assert code == 1
    assert "administrators already" in output
    assert len(db.session.scalars(select(User)).all()) == 1


def test_init_needs_an_organisation(app: Flask) -> None:
    code, output = run(app, "init")
    assert code == 1
    assert "--organisation" in output


def test_init_for_a_named_organisation(app: Flask) -> None:
    with transaction():
        make_organisation("测试市局")
    code, output = run(app, "init", "--organisation", "测试市局")
    assert code == 0, output
    assert db.session.scalars(select(User)).first()


def test_reset_password(app: Flask) -> None:
    user = make_person(Role.SYSTEM_ADMIN)
    code, output = run(app, "reset-password", user.account.upper())
    assert code == 0, output
    found = tokens.find(LINK.findall(output)[0], now())
    assert found is not None
    assert found[0].account == user.account


def test_reset_password_of_nobody(app: Flask) -> None:
    code, output = run(app, "reset-password", "nobody")
    assert code == 1
    assert "no account nobody" in output


def test_reset_password_of_a_disabled_account(app: Flask) -> None:
    user = make_person()
    with transaction():
        user.disable()
    assert run(app, "reset-password", user.account)[0] == 1


def test_demo_accounts_keep_the_registry_from_starting(app: Flask) -> None:
    strict = Settings("x" * 40, "sqlite://", app.extensions["settings"].instance)
    demonstration.refuse_outside_demo_mode(strict)
    make_person(is_demo=True)
    with pytest.raises(BadSetting, match="demo accounts"):
        demonstration.refuse_outside_demo_mode(strict)
    demonstration.refuse_outside_demo_mode(Settings(DEMO_SECRET, "sqlite://", strict.instance, demo=True))
