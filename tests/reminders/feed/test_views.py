"""The page of the address, and what it opens: for whom, how long, and what everybody else gets."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.web import throttle
from registry.reminders.feed import tokens
from registry.reminders.feed.models import CalendarFeed
from registry.reminders.views import calendar as views
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client
from tests.factories import make_user

ADDRESS = re.compile(r"https?://[^/]+(/calendar/[\w-]{43}\.ics)")


@pytest.fixture
def scene(app: Flask) -> Scene:
    throttle.forget()
    with transaction():
        made = make_scene()
        new = NewTask(
            "整理联络员名单", TaskSource.INSTRUCTION, made.bureau.organisation.public_id,
            due_on=today() + timedelta(days=5),
        )  # fmt: skip
        tasks.assign(new, made.bureau.people[Role.LEADER])
    return made


@pytest.fixture
def person(scene: Scene) -> User:
    return scene.bureau.handler


def made(client: Client, user: User) -> str:
    """The path of a new address of somebody, as their page shows it."""
    page = client.sign_in(user).post("/account/calendar")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    found = ADDRESS.search(page.text)
    assert found
    return found[1]


def status(app: Flask, path: str) -> int:
    """What a program without a cookie gets."""
    return app.test_client().get(path).status_code


def events() -> list[str]:
    found = select(AuditEvent.action).where(AuditEvent.action.startswith("account:calendar")).order_by(AuditEvent.id)
    return list(db.session.scalars(found))


def test_the_feed_needs_no_cookie_and_is_private(app: Flask, client: Client, person: User) -> None:
    path = made(client, person)
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert "private" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    found = [str(one["summary"]) for one in Calendar.from_ical(answer.data).walk("VEVENT")]
    assert "任务到期：整理联络员名单" in found
    assert app.test_client().head(path).status_code == 200


def test_in_the_persons_language(app: Flask, client: Client, person: User) -> None:
    path = made(client, person)
    with transaction():
        person.language = "en"
    answer = app.test_client().get(path, headers={"Accept-Language": "zh"})
    assert "Task due: " in answer.text


def test_the_secret_is_shown_once_and_kept_hashed(client: Client, person: User) -> None:
    path = made(client, person)
    page = client.get("/account/calendar")
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in page.text
    row = db.session.scalars(select(CalendarFeed)).one()
    assert token not in (row.token_hash, str(vars(row)))
    assert len(row.token_hash) == 64


def test_a_new_address_ends_the_former_and_revoking_ends_both(app: Flask, client: Client, person: User) -> None:
    first = made(client, person)
    second = made(client, person)
    assert [status(app, path) for path in (first, second)] == [404, 200]
    answer = client.post("/account/calendar/revoke")
    assert (answer.status_code, answer.location) == (303, "/account/calendar")
    assert status(app, second) == 404
    assert client.post("/account/calendar/revoke").status_code == 404
    assert events() == ["account:calendar_made", "account:calendar_renewed", "account:calendar_revoked"]


def lock(person: User) -> None:
    person.disable()


def other_password(person: User) -> None:
    person.raise_epoch()


def no_role_left(person: User) -> None:
    person.role_grants.clear()


@pytest.mark.parametrize("change", [lock, other_password, no_role_left])
def test_what_ends_sessions_ends_the_address(app: Flask, client: Client, person: User, change: object) -> None:
    path = made(client, person)
    with transaction():
        change(person)  # type: ignore[operator]
    assert status(app, path) == 404


def test_each_sees_their_own(app: Flask, client: Client, scene: Scene) -> None:
    ours, theirs = made(client, scene.bureau.handler), made(client, scene.university.handler)
    assert "整理联络员名单" in summaries(app, ours)
    assert "整理联络员名单" not in summaries(app, theirs)


def summaries(app: Flask, path: str) -> str:
    found = Calendar.from_ical(app.test_client().get(path).data)
    return " ".join(str(one["summary"]) for one in found.walk("VEVENT"))


def test_who_moved_to_another_organisation_sees_that_ones(app: Flask, client: Client, scene: Scene) -> None:
    path = made(client, scene.bureau.handler)
    with transaction():
        scene.bureau.handler.organisation_id = scene.university.organisation.id
    assert "整理联络员名单" not in summaries(app, path)


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 44, "A" * 4000, "é" * 43, "%00" * 43, "../" * 14 + "x"])
def test_anything_else_is_not_there(app: Flask, scene: Scene, token: str) -> None:
    assert status(app, f"/calendar/{token}.ics") in (400, 404)


def test_who_asks_too_often_waits(app: Flask, client: Client, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "OF_ONE", 2)
    monkeypatch.setattr(views, "FROM_NETWORK", 4)
    path = made(client, person)
    assert [status(app, path) for _time in range(3)] == [200, 200, 429]
    assert [status(app, f"/calendar/{'A' * 43}.ics") for _time in range(2)] == [404, 429]
    throttle.forget()


def test_when_it_was_fetched_is_told_once_an_hour(app: Flask, client: Client, person: User) -> None:
    path = made(client, person)
    assert "never" in client.get("/account/calendar", headers={"Accept-Language": "en"}).text
    status(app, path)
    row = db.session.scalars(select(CalendarFeed)).one()
    first = row.fetched_at
    assert first
    status(app, path)
    db.session.rollback()
    assert row.fetched_at == first
    assert not tokens.is_due_for_note(row, first + timedelta(minutes=59))
    assert tokens.is_due_for_note(row, first + timedelta(minutes=60))


def test_signed_out_and_administrators(client: Client, scene: Scene) -> None:
    assert client.get("/account/calendar").status_code in (302, 303)
    assert client.post("/account/calendar").status_code in (302, 303)
    with transaction():
        administrator = make_user(Role.SYSTEM_ADMIN, totp_secret_encrypted=b"enrolled")
    assert client.sign_in(administrator).get("/account/calendar").status_code == 403
    assert client.post("/account/calendar").status_code == 403


def test_the_account_page_leads_there(client: Client, person: User) -> None:
    assert "/account/calendar" in client.sign_in(person).get("/account").text


def test_an_address_that_ended_says_so(client: Client, person: User) -> None:
    made(client, person)
    with transaction():
        person.raise_epoch()
    page = client.sign_in(person).get("/account/calendar", headers={"Accept-Language": "en"}).text
    assert "Has ended" in page
