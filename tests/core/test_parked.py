"""A session that ends in the middle of a form: nothing typed is lost, and nobody else gets it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from registry.accounts.models import User, UserSession
from registry.core import housekeeping
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.models import HandledRequest, ParkedForm
from registry.core.web import parked
from tests.conftest import Client
from tests.factories import make_user

TYPED = {"name": "鞍山市人社局", "note": "一\n二", "password": "Secret-123456", "row_version": "7", "nonce": "x"}
PATH = "/organisations/new"


@pytest.fixture
def user(app: Flask) -> User:
    with transaction():
        return make_user()


def _send_late(client: Client, user: User, *, referrer: str = "", **headers: str) -> TestResponse:
    """Sign in, let the session grow old, send a form to a page that wants a user."""
    client.sign_in(user)
    with transaction():
        long_ago = now() - timedelta(hours=13)
        db.session.execute(update(UserSession).values(seen_at=long_ago, started_at=long_ago))
    came_from = {"Referer": f"http://localhost{referrer}"} if referrer else {}
    return client.post("/sign-out", data=TYPED, headers=came_from | headers)


def _token(answer: TestResponse) -> str:
    return answer.location.rpartition("parked%3D")[2]


def test_what_was_typed_waits_behind_the_sign_in(client: Client, user: User) -> None:
    answer = _send_late(client, user, referrer="/styleguide?page=2")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=/styleguide?page%3D2%26parked%3D")
    found = parked.find(user.id, _token(answer))
    assert found is not None
    path, fields = found
    assert path == "/sign-out"
    assert fields == {"name": ["鞍山市人社局"], "note": ["一\n二"], "row_version": ["7"]}


def test_it_is_stored_encrypted_and_under_a_hash(client: Client, user: User) -> None:
    token = _token(_send_late(client, user))
    row = db.session.scalars(select(ParkedForm)).one()
    assert "鞍山".encode() not in row.data_encrypted
    assert token not in row.token_hash


def test_nobody_else_gets_it(client: Client, user: User) -> None:
    token = _token(_send_late(client, user))
    with transaction():
        other = make_user()
    assert parked.find(other.id, token) is None
    assert "鞍山市人社局" not in client.sign_in(other).get(f"/styleguide?parked={token}").text
    assert "鞍山市人社局" not in client.get("/styleguide?parked=nonsense").text


def test_a_page_that_does_not_fill_it_in_shows_it(client: Client, user: User) -> None:
    token = _token(_send_late(client, user))
    page = client.sign_in(user).get(f"/styleguide?parked={token}").text
    assert "鞍山市人社局" in page
    assert "Secret-123456" not in page
    assert "鞍山市人社局" not in client.get("/styleguide").text


def test_a_form_that_asks_is_filled_in_with_the_version_it_was_made_from(client: Client, user: User) -> None:
    with transaction():
        pass
    token = parked.park(user.id, "/styleguide", {"name": ["半句话"], "row_version": ["7"]})
    page = client.sign_in(user).get(f"/styleguide?parked={token}").text
    assert 'value="半句话"' in page
    assert 'name="row_version" value="7"' in page


def test_it_is_gone_after_a_day(user: User) -> None:
    token = parked.park(user.id, PATH, {"name": ["x"]})
    assert token is not None
    with transaction():
        db.session.execute(update(ParkedForm).values(created_at=now() - timedelta(hours=25)))
    assert parked.find(user.id, token) is None


def test_a_huge_form_is_not_kept(user: User) -> None:
    assert parked.park(user.id, PATH, {"text": ["字" * 100_000]}) is None
    assert db.session.scalars(select(ParkedForm)).all() == []


def test_secrets_are_left_out_and_secretaries_kept(user: User) -> None:
    secrets = ("new_password", "csrf_token", "Password-again", "otp_code", "present_otp_code")
    ordinary = ("secretary", "party_code", "moe_code", "code")
    fields = {name: ["x"] for name in (*secrets, *ordinary)}
    token = parked.park(user.id, PATH, fields)
    assert token is not None
    found = parked.find(user.id, token)
    assert found is not None
    assert set(found[1]) == set(ordinary)


def test_a_script_that_saves_drafts_parks_nothing(client: Client, user: User) -> None:
    _send_late(client, user, **{"X-Autosave": "1"})
    assert db.session.scalars(select(ParkedForm)).all() == []


def test_strangers_park_nothing(client: Client) -> None:
    answer = client.post("/sign-out", data=TYPED)
    assert answer.status_code == 303
    assert "parked" not in answer.location
    assert db.session.scalars(select(ParkedForm)).all() == []


def test_a_page_of_another_site_is_no_way_back(client: Client, user: User) -> None:
    client.sign_in(user)
    answer = _send_late(client, user)
    assert "next=/?parked" in answer.location.replace("%3F", "?")


def test_a_reader_is_led_back_to_where_they_were_going(client: Client) -> None:
    assert client.get("/agreements?page=2").location == "/sign-in?next=/agreements?page%3D2"
    assert client.get("/").location == "/sign-in"


def test_housekeeping_clears_what_is_old(user: User) -> None:
    moment = now()
    with transaction():
        for hours, nonce in ((1, "young"), (49, "old")):
            made = moment - timedelta(hours=hours)
            db.session.add(HandledRequest(nonce=nonce, digest="", created_at=made))
            db.session.add(ParkedForm(token_hash=nonce, user_id=user.id, path="/", data_encrypted=b"", created_at=made))
    with transaction():
        assert housekeeping.clear_forms(moment) == 2
    assert [row.nonce for row in db.session.scalars(select(HandledRequest))] == ["young"]
    assert [row.token_hash for row in db.session.scalars(select(ParkedForm))] == ["young"]
