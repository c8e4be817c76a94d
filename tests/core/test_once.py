"""A form takes effect once, whatever the clicks, the network and the Back button do."""

from collections.abc import Iterator
from io import BytesIO
from threading import Barrier, Thread

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from registry.accounts import sessions
from registry.accounts.models import User
from registry.app import create_app
from registry.core.access.actions import Action
from registry.core.db import db, transaction
from registry.core.errors import Conflict
from registry.core.models import HandledRequest
from registry.core.web import once
from registry.core.web.guard import needs
from registry.organisations.models import Region, RegionKind
from tests.conftest import Client
from tests.databases import Database
from tests.factories import make_user

FORM = {"name": "甲", "nonce": "n" * 32}


@pytest.fixture
def app(app: Flask, database: Database) -> Iterator[Flask]:
    """An application of its own on the same database, with a view that makes a region."""
    made = create_app(app.extensions["settings"])
    page = Blueprint("once_test", __name__)

    @page.post("/once-test")
    @needs(Action.HOME_VIEW)
    def make() -> ResponseReturnValue:
        with once.transaction() as done:
            code = f"9{_count_regions():05}"
            db.session.add(Region(code=code, name_zh="测试", name_en="Test", kind=RegionKind.CITY))
            db.session.flush()
            if code == "900003":
                raise Conflict
            done.at(f"/?made={code}")
        return done.redirect()

    made.register_blueprint(page)
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def user(app: Flask) -> User:
    with transaction():
        return make_user()


def _count_regions() -> int:
    return db.session.scalar(select(func.count()).select_from(Region)) or 0


def _count() -> int:
    db.session.rollback()
    return _count_regions()


def test_a_second_click_gets_the_first_answer(client: Client, user: User) -> None:
    client.sign_in(user)
    before = _count()
    first, second = client.post("/once-test", data=FORM), client.post("/once-test", data=FORM)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert _count() == before + 1


def test_without_a_nonce_it_runs_each_time(client: Client, user: User) -> None:
    client.sign_in(user)
    before = _count()
    for _ in range(2):
        client.post("/once-test", data={"name": "甲"})
    assert _count() == before + 2


def test_the_same_form_with_other_content_is_refused(client: Client, user: User) -> None:
    client.sign_in(user)
    location = client.post("/once-test", data=FORM).location
    before = _count()
    answer = client.post("/once-test", data=FORM | {"name": "乙"})
    assert answer.status_code == 422
    assert f'href="{location}"' in answer.text
    assert _count() == before


def test_another_file_is_other_content(client: Client, user: User) -> None:
    client.sign_in(user)
    client.post("/once-test", data=FORM | {"scan": (BytesIO(b"one"), "a.pdf")})
    again = client.post("/once-test", data=FORM | {"scan": (BytesIO(b"one"), "a.pdf")})
    other = client.post("/once-test", data=FORM | {"scan": (BytesIO(b"two"), "a.pdf")})
    assert (again.status_code, other.status_code) == (303, 422)


def test_somebody_elses_nonce_is_refused(client: Client, user: User) -> None:
    client.sign_in(user).post("/once-test", data=FORM)
    with transaction():
        other = make_user()
    assert client.sign_in(other).post("/once-test", data=FORM).status_code == 422


def test_a_form_that_failed_may_be_sent_again(client: Client, user: User) -> None:
    client.sign_in(user)
    with transaction():
        for code in ("900101", "900102"):
            db.session.add(Region(code=code, name_zh="测试", name_en="Test", kind=RegionKind.CITY))
    assert _count() == 3
    assert client.post("/once-test", data=FORM).status_code == 409
    assert db.session.scalar(select(func.count()).select_from(HandledRequest)) == 0
    with transaction():
        db.session.delete(db.session.get(Region, "900102"))
    assert client.post("/once-test", data=FORM).status_code == 303


def test_clicks_at_the_same_moment_count_once(app: Flask, client: Client, user: User) -> None:
    client.sign_in(user)
    kept = client.get_cookie(sessions.COOKIE)
    assert kept is not None
    before, ready, answers = _count(), Barrier(4), list[str]()
    db.session.remove()

    def click() -> None:
        browser = FlaskClient(app, app.response_class)
        browser.set_cookie(sessions.COOKIE, kept.value, secure=True)
        ready.wait()
        answers.append(browser.post("/once-test", data=FORM).location)

    threads = [Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert _count() == before + 1


def test_the_digest_gives_no_password_away(client: Client, user: User) -> None:
    client.sign_in(user).post("/once-test", data=FORM | {"password": "secret"})
    row = db.session.scalars(select(HandledRequest)).one()
    assert row.user_id == user.id
    assert len(row.digest) == 64
    assert row.location.startswith("/?made=")
