"""The auditor's pages."""

import csv
import io
import re

import pytest
from sqlalchemy import select, text

from registry.accounts.event_labels import LABELS
from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.audit.services import record
from registry.core.access.actions import Action
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from tests.accounts.people import make_person
from tests.conftest import Client

OTHERS = [role for role in Role if role is not Role.AUDITOR]


@pytest.fixture
def people(client: Client) -> tuple[User, User]:
    """Two people of whom something is recorded; the auditor is signed in."""
    first, second = make_person(), make_person()
    with transaction():
        record(first, "account:signed_in", first)
        record(second, "account:edited", first, {"name": ("=cmd|' /C calc'!A0", "新名")})
        record(None, "account:sign_in_failed", second, reason="wrong_password", succeeded=False)
    client.sign_in(make_person(Role.AUDITOR))
    return first, second


def rows_of(page: str) -> int:
    return page.count('scope="row"')


@pytest.mark.parametrize("role", OTHERS)
def test_only_auditors(client: Client, role: Role) -> None:
    client.sign_in(make_person(role))
    assert client.get("/audit").status_code == 403
    assert client.post("/audit/export").status_code == 403
    assert client.post("/audit/check").status_code == 403


def test_all_events_newest_first(client: Client, people: tuple[User, User]) -> None:
    page = client.get("/audit").text
    assert rows_of(page) == 3
    assert re.findall(r'class="number">(\d+)<', page) == ["3", "2", "1"]


def test_codes_are_shown_in_words(client: Client, people: tuple[User, User]) -> None:
    first, _second = people
    with transaction():
        record(first, "account:role_granted", first, {"role": ("", "seal_keeper")}, reason="organisation")
    client.set_cookie("language", "en")
    page = client.get("/audit?action=account:role_granted").text
    assert "Role granted" in page
    assert "Seal keeper" in page
    assert "Moved to another organisation" in page
    assert "seal_keeper" not in page


def test_filters(client: Client, people: tuple[User, User]) -> None:
    first, second = people
    assert rows_of(client.get(f"/audit?actor={first.name}").text) == 1
    assert rows_of(client.get("/audit?action=account:edited").text) == 1
    assert rows_of(client.get(f"/audit?subject={first.public_id}").text) == 2
    assert rows_of(client.get(f"/audit?subject={second.account}").text) == 1
    assert rows_of(client.get("/audit?succeeded=no").text) == 1
    assert rows_of(client.get("/audit?since=20000101&until=2001-01-01").text) == 0
    assert rows_of(client.get("/audit?since=20000101&page=1").text) == 3


@pytest.mark.parametrize("query", ["since=2026-02-30", "until=soon", "succeeded=perhaps", "actor=" + "x" * 61])
def test_bad_filters_are_told(client: Client, people: tuple[User, User], query: str) -> None:
    page = client.get(f"/audit?{query}")
    assert page.status_code == 422
    assert 'class="wrong"' in page.text


def test_export_holds_what_fits_and_is_an_event(client: Client, people: tuple[User, User]) -> None:
    first, _second = people
    answer = client.post("/audit/export", data={"subject": first.public_id}, buffered=True)
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(table) == 3
    assert len({len(row) for row in table}) == 1
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "audit:exported")).one()
    assert event.changes == {"subject": ["", first.public_id], "count": ["", 2]}


def test_no_cell_of_the_export_is_a_formula(client: Client, people: tuple[User, User]) -> None:
    first, _second = people
    with transaction():
        first.name = "=1+1"
        record(first, "account:edited", first, reason="@SUM(A1)")
    table = list(csv.reader(io.StringIO(client.post("/audit/export", buffered=True).data.decode("utf-8-sig"))))
    cells = [cell for row in table for cell in row]
    assert "'@SUM(A1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_export_with_a_bad_filter(client: Client, people: tuple[User, User]) -> None:
    assert client.post("/audit/export", data={"since": "soon"}).status_code == 422


def test_export_is_no_link(client: Client, people: tuple[User, User]) -> None:
    assert client.get("/audit/export").status_code == 405


def test_a_whole_chain(client: Client, people: tuple[User, User]) -> None:
    page = client.post("/audit/check")
    assert page.status_code == 200
    assert "note-ok" in page.text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "audit:checked")).one()
    assert event.succeeded
    assert event.changes["events"] == ["", 3]


def test_a_broken_chain_names_the_entry(client: Client, people: tuple[User, User]) -> None:
    with transaction():
        _without_triggers("UPDATE audit_event SET reason = 'nothing happened' WHERE seq = 2")
    page = client.post("/audit/check")
    assert "note-bad" in page.text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "audit:checked")).one()
    assert not event.succeeded
    assert event.changes["bad"] == ["", 2]


def _without_triggers(statement: str) -> None:
    """Somebody with the database's own password."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
    else:
        names = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            db.session.execute(text(f'DROP TRIGGER "{name}"'))
    db.session.execute(text(statement))


def test_every_action_has_words() -> None:
    assert [action for action in Action if action not in LABELS] == []
