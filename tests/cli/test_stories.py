"""`flask registry load-stories`: who enters, what it prints, and what it refuses."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.agreements.models import Agreement, AgreementStatus
from registry.core import instance as instances
from registry.core.db import db
from tests.demo.conftest import reference_and_people
from tests.states import Begin

from .conftest import run


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    """Reference data and the demonstration's people."""
    return begin_with(reference_and_people)


def count() -> int:
    """How many agreements there are, read anew."""
    db.session.rollback()
    return db.session.scalar(select(func.count(Agreement.id))) or 0


def test_in_demo_mode_the_province_enters_and_confirms(app: Flask, people: dict[str, User]) -> None:
    first = run(app, "load-stories")
    assert first.exit_code == 0, first.output
    assert "17 agreements confirmed" in first.output
    assert [line.split() for line in first.output.splitlines() if line.startswith(("agreements", "figures"))] == [
        ["agreements", "17", "0"],
        ["figures", "39", "0"],
    ]
    second = run(app, "load-stories")
    assert "Everything was there already." in second.output
    assert count() == 17


def test_elsewhere_somebody_has_to_be_named(
    app: Flask, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(instances._settings, db.engine, replace(instances.settings(), demo=False))
    refused = run(app, "load-stories")
    assert (refused.exit_code, count()) == (1, 0)
    assert "--entered-by" in refused.output
    entered = run(app, "load-stories", "--entered-by", "liaoning.handler")
    assert "0 agreements confirmed" in entered.output
    assert count() == 17
    assert {one.status for one in db.session.scalars(select(Agreement))} == {AgreementStatus.RECORDED_PENDING}


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        (("nobody", ""), "There is no account nobody."),
        (("liaoning.handler", "nobody"), "There is no account nobody."),
        (("liaoning.viewer", ""), "This needs one of the roles: Handler"),
        (("liaoning.handler", "liaoning.handler"), "This needs one of the roles: Section head"),
    ],
)
def test_the_wrong_accounts_are_refused(
    accounts: tuple[str, str], told: str, app: Flask, people: dict[str, User]
) -> None:
    by, second = accounts
    named = ["--entered-by", by, *(["--confirmed-by", second] if second else [])]
    refused = run(app, "load-stories", *named)
    assert refused.exit_code == 1
    assert told in refused.output
    assert count() == 0
