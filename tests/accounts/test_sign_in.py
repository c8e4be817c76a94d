"""Signing in and out, in a browser."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.accounts import passwords, sessions, throttle
from registry.accounts.models import SignInAttempt, User, UserSession, UserStatus
from registry.audit.models import AuditEvent
from registry.core.dates import now
from registry.core.db import db, transaction
from tests.conftest import Client

from .people import PASSWORD, PASSWORD_HASH, SECRET, make_person, present_code, with_second_factor

FORM = "/sign-in"
HOME = "/account"
SECRETS = re.compile(r'name="(csrf_token|nonce)" value="[^"]*"|<code>[0-9a-f]{16}</code>')


def send(client: Client, user: User | None = None, password: str = PASSWORD, **more: str) -> "object":
    account = user.account if user else "nobody"
    return client.post(FORM, data={"account": account, "password": password, **more})


def actions() -> list[tuple[str, str, bool]]:
    rows = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
    return [(row.action, row.reason, row.succeeded) for row in rows]


def test_form_is_open_to_everybody(client: Client) -> None:
    page = client.get(FORM)
    assert page.status_code == 200
    assert 'name="password"' in page.text


def test_right_password_opens_a_session(client: Client) -> None:
    user = make_person()
    answer = client.post(FORM, data={"account": user.account, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (302, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert client.get(HOME).status_code == 200
    assert actions() == [("account:signed_in", "", True)]


def test_account_is_not_case_sensitive_and_blanks_do_not_matter(client: Client) -> None:
    user = make_person()
    answer = client.post(FORM, data={"account": f" {user.account.upper()} ", "password": PASSWORD})
    assert answer.status_code == 302


def test_only_the_hash_of_the_token_is_stored(client: Client) -> None:
    send(client, make_person())
    cookie = client.get_cookie(sessions.COOKIE)
    assert cookie is not None
    assert db.session.scalars(select(UserSession.token_hash)).one() == sessions.token_hash(cookie.value)


def test_every_sign_in_gets_a_new_token(client: Client) -> None:
    user = make_person()
    client.set_cookie(sessions.COOKIE, "planted-by-somebody", secure=True)
    send(client, user)
    first = client.get_cookie(sessions.COOKIE)
    send(client, user)
    second = client.get_cookie(sessions.COOKIE)
    assert first is not None
    assert second is not None
    assert "planted-by-somebody" not in (first.value, second.value)
    assert first.value != second.value


def test_wrong_password_and_unknown_account_answer_alike(client: Client) -> None:
    user = make_person()
    wrong = client.post(FORM, data={"account": user.account, "password": "wrong password"})
    unknown = client.post(FORM, data={"account": "nobody", "password": "wrong password"})
    assert wrong.status_code == unknown.status_code == 422
    text = wrong.text.replace(user.account, "nobody")
    assert _without_tokens(text) == _without_tokens(unknown.text)
    assert actions() == [
        ("account:sign_in_failed", "wrong_password", False),
        ("account:sign_in_failed", "unknown_account", False),
    ]


def _without_tokens(page: str) -> str:
    """The page without what differs from one request to the next."""
    return SECRETS.sub("", page)


def test_unknown_accounts_are_hashed_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    original = passwords._hasher.verify

    class Spy:
        def verify(self, stored: str, password: str) -> bool:
            seen.append(stored)
            return original(stored, password)

    monkeypatch.setattr(passwords, "_hasher", Spy())
    send(client, None, "wrong password")
    assert seen == [passwords.NOBODYS_HASH]


def test_password_is_never_shown_again(client: Client) -> None:
    page = client.post(FORM, data={"account": "nobody", "password": "typed-in-vain"})
    assert "typed-in-vain" not in page.text
    assert 'value="nobody"' in page.text


def test_what_was_typed_as_account_is_not_in_the_audit(client: Client) -> None:
    client.post(FORM, data={"account": "MyPassword-by-mistake", "password": "x"})
    event = db.session.scalars(select(AuditEvent)).one()
    assert "by-mistake" not in f"{event.reason} {event.object_label} {event.actor_name} {event.changes}"


@pytest.mark.parametrize("fields", [{}, {"account": "a"}, {"password": "p"}, {"account": "a", "password": ""}])
def test_missing_fields_are_named(client: Client, fields: dict[str, str]) -> None:
    page = client.post(FORM, data=fields)
    assert page.status_code == 422
    assert not db.session.scalars(select(SignInAttempt)).all()


@pytest.mark.parametrize("text", ["\ud800", "a\x00b", "x" * 129])
def test_hostile_passwords_are_refused_politely(client: Client, text: str) -> None:
    body = f"account=a&password={text}".encode("utf-8", "surrogatepass")
    page = client.post(FORM, data=body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 422


@pytest.mark.parametrize(
    ("given", "expected"),
    [("/agreements?status=draft", "/agreements?status=draft"), ("https://evil.example", "/"), ("//evil.example", "/")],
)
def test_next_leads_only_to_this_site(client: Client, given: str, expected: str) -> None:
    user = make_person()
    assert client.post(FORM, data={"account": user.account, "password": PASSWORD, "next": given}).location == expected


def test_signed_in_people_are_sent_on(client: Client) -> None:
    answer = client.sign_in(make_person()).get(FORM)
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("status", [UserStatus.PENDING, UserStatus.DISABLED])
def test_closed_accounts_learn_why_only_with_the_right_password(client: Client, status: UserStatus) -> None:
    user = make_person()
    with transaction():
        user.status = status
    wrong = client.post(FORM, data={"account": user.account, "password": "wrong password"})
    nobody = client.post(FORM, data={"account": "nobody", "password": "wrong password"})
    right = client.post(FORM, data={"account": user.account, "password": PASSWORD})
    assert _without_tokens(wrong.text.replace(user.account, "nobody")) == _without_tokens(nobody.text)
    assert right.status_code == 422
    assert _without_tokens(right.text) != _without_tokens(wrong.text)
    assert client.get_cookie(sessions.COOKIE) is None


def test_demo_people_are_refused_outside_demo_mode(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_person(is_demo=True)
    settings = client.application.extensions["settings"]
    monkeypatch.setitem(client.application.extensions, "settings", type(settings)(**{**vars(settings), "demo": False}))
    assert client.post(FORM, data={"account": user.account, "password": PASSWORD}).status_code == 422


def test_password_changed_while_it_was_judged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_person()
    right = passwords.is_right

    def slow(password: str, stored: str) -> bool:
        answer = right(password, stored)
        with transaction():
            db.session.get_one(User, user.id).password_hash = passwords.hash_password("another one entirely")
        return answer

    monkeypatch.setattr("registry.accounts.services.sign_in.is_right", slow)
    assert client.post(FORM, data={"account": user.account, "password": PASSWORD}).status_code == 422


def test_outdated_hashes_are_renewed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_person()
    monkeypatch.setattr("registry.accounts.services.sign_in.is_outdated", lambda stored: True)
    send(client, user)
    stored = db.session.get_one(User, user.id).password_hash
    assert stored != PASSWORD_HASH
    assert passwords.is_right(PASSWORD, stored)


# Throttle


def fail_five_times(client: Client, account: str, address: str = "203.0.113.7") -> None:
    for _ in range(throttle.FAILURES):
        client.post(FORM, data={"account": account, "password": "wrong"}, environ_base={"REMOTE_ADDR": address})


def test_five_failures_lock_even_the_right_password(client: Client) -> None:
    user = make_person()
    fail_five_times(client, user.account)
    answer = client.post(
        FORM, data={"account": user.account, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.99"}
    )
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 1800
    assert [row[0] for row in actions()].count("account:locked") == 1


def test_unknown_accounts_lock_alike(client: Client) -> None:
    fail_five_times(client, "nobody")
    answer = client.post(FORM, data={"account": "NOBODY", "password": "x"}, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert answer.status_code == 429


def test_the_owner_can_come_in_from_elsewhere(client: Client) -> None:
    user = make_person()
    fail_five_times(client, user.account)
    answer = client.post(
        FORM, data={"account": user.account, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "198.51.100.1"}
    )
    assert answer.status_code == 302


def test_the_lock_is_asked_before_any_hashing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_five_times(client, "nobody")
    monkeypatch.setattr("registry.accounts.services.sign_in.is_right", lambda *_: pytest.fail("hashed while locked"))
    answer = client.post(FORM, data={"account": "nobody", "password": "x"}, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert answer.status_code == 429


def test_the_lock_ends(client: Client) -> None:
    user = make_person()
    fail_five_times(client, user.account)
    with transaction():
        for row in db.session.scalars(select(SignInAttempt)):
            row.tried_at -= throttle.LOCKED_FOR
    answer = client.post(
        FORM, data={"account": user.account, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.7"}
    )
    assert answer.status_code == 302


# Second step


def second_step(client: Client, user: User) -> None:
    answer = client.post(FORM, data={"account": user.account, "password": PASSWORD, "next": "/account"})
    assert answer.location == "/sign-in/second-factor?next=/account"
    assert client.get_cookie(sessions.COOKIE) is None


def test_second_factor_is_asked_for(client: Client) -> None:
    user = with_second_factor(make_person())
    second_step(client, user)
    assert client.get(HOME).status_code == 303
    assert client.get("/sign-in/second-factor").status_code == 200
    answer = client.post("/sign-in/second-factor", data={"otp_code": present_code(), "next": "/account"})
    assert (answer.status_code, answer.location) == (302, "/account")
    row = db.session.scalars(select(UserSession)).one()
    assert row.second_factor_at is not None
    assert client.get(HOME).status_code == 200


def test_a_code_counts_once(client: Client) -> None:
    user = with_second_factor(make_person())
    code = present_code()
    second_step(client, user)
    assert client.post("/sign-in/second-factor", data={"otp_code": code}).status_code == 302
    client.delete_cookie(sessions.COOKIE)
    second_step(client, user)
    assert client.post("/sign-in/second-factor", data={"otp_code": code}).status_code == 422


def test_second_step_locks_from_any_network(client: Client) -> None:
    user = with_second_factor(make_person())
    second_step(client, user)
    for number in range(throttle.FAILURES):
        answer = client.post(
            "/sign-in/second-factor", data={"otp_code": "000000"}, environ_base={"REMOTE_ADDR": f"203.0.{number}.1"}
        )
        assert answer.status_code == 422
    answer = client.post("/sign-in/second-factor", data={"otp_code": present_code()})
    assert answer.status_code == 429


def test_a_right_password_does_not_wipe_wrong_codes(client: Client) -> None:
    user = with_second_factor(make_person())
    for _ in range(throttle.FAILURES):
        second_step(client, user)
        client.post("/sign-in/second-factor", data={"otp_code": "000000"})
    second_step(client, user)
    assert client.post("/sign-in/second-factor", data={"otp_code": present_code()}).status_code == 429


def test_second_step_needs_the_first(client: Client) -> None:
    answer = client.get("/sign-in/second-factor?next=/account")
    assert answer.location == "/sign-in?next=/account"
    client.set_cookie("__Host-second-step", "forged", secure=True)
    assert client.post("/sign-in/second-factor", data={"otp_code": "1"}).status_code == 302


def test_second_step_ends_when_the_account_changes(client: Client) -> None:
    user = with_second_factor(make_person())
    second_step(client, user)
    with transaction():
        user.raise_epoch()
    assert client.post("/sign-in/second-factor", data={"otp_code": present_code()}).location == "/sign-in?next=/"


# Sign-out


def test_sign_out_ends_the_session_on_the_server(client: Client) -> None:
    client.sign_in(make_person())
    cookie = client.get_cookie(sessions.COOKIE)
    assert cookie is not None
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get_cookie(sessions.COOKIE) is None
    client.set_cookie(sessions.COOKIE, cookie.value, secure=True)
    assert client.get(HOME).status_code == 303
    assert actions()[-1][0] == "account:signed_out"


def test_sign_out_is_no_link(client: Client) -> None:
    assert client.sign_in(make_person()).get("/sign-out").status_code == 405


def test_secret_is_encrypted_at_rest(client: Client) -> None:
    user = with_second_factor(make_person())
    assert SECRET.encode() not in (user.totp_secret_encrypted or b"")


def test_idle_sessions_end(client: Client) -> None:
    client.sign_in(make_person())
    with transaction():
        db.session.scalars(select(UserSession)).one().seen_at = now() - timedelta(minutes=31)
    assert client.get(HOME).status_code == 303
