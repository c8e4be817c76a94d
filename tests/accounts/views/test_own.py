"""One's own account, in a browser."""

import re
from datetime import timedelta
from itertools import pairwise

import pyotp
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from registry.accounts import passwords, second_factor, sessions, throttle, tokens
from registry.accounts.inputs import FactorSetup
from registry.accounts.models import PastPassword, TokenPurpose, User, UserSession
from registry.accounts.services import own
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.crypto import decrypt
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Invalid
from tests.accounts.people import PASSWORD, SECRET, make_person, present_code, with_second_factor
from tests.conftest import Client

NEW = "Quiet-River 82 stone"
PAGE = "/account/password"
FACTOR = "/account/second-factor"
RENEWAL = "/account/recovery-codes"


def change(client: Client, current: str = PASSWORD, new: str = NEW, repeat: str | None = None) -> TestResponse:
    data = {"current_password": current, "new_password": new, "repeat_password": new if repeat is None else repeat}
    return client.post(PAGE, data=data)


def password_of(user: User) -> str:
    return db.session.scalars(select(User.password_hash).where(User.id == user.id)).one()


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


@pytest.mark.parametrize("address", ["/account", PAGE, FACTOR, "/account/sessions"])
def test_pages_need_a_user(client: Client, address: str) -> None:
    assert client.get(address).status_code == 303
    assert client.sign_in(make_person()).get(address).status_code == 200


def test_profile_says_who_i_am(client: Client) -> None:
    user = make_person(Role.LEADER)
    page = client.sign_in(user).get("/account").text
    assert user.name in page
    assert user.account in page


# Password


def test_change_signs_other_browsers_out_and_goes_on(client: Client) -> None:
    user = make_person()
    client.sign_in(user)
    with transaction():
        other = sessions.open_session(user)
    before = client.get_cookie(sessions.COOKIE)
    answer = client.post(PAGE, data={"current_password": PASSWORD, "new_password": NEW, "repeat_password": NEW})
    after = client.get_cookie(sessions.COOKIE)
    assert answer.location == "/account"
    assert passwords.is_right(NEW, password_of(user))
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert sessions.find(other) is None
    assert sessions.find(before.value) is None
    assert client.get("/account").status_code == 200
    assert actions() == ["account:password_changed"]


def test_change_keeps_the_proof_of_the_second_factor(client: Client) -> None:
    client.sign_in(make_person(Role.AUDITOR), second_factor=True)
    change(client)
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "repeat", "field"),
    [
        ("wrong password", NEW, NEW, "current_password"),
        (PASSWORD, "short", "short", "new_password"),
        (PASSWORD, NEW, "another", "repeat_password"),
        (PASSWORD, PASSWORD, PASSWORD, "new_password"),
        ("", NEW, NEW, "current_password"),
    ],
)
def test_refusals_stand_at_the_field(client: Client, current: str, new: str, repeat: str, field: str) -> None:
    user = make_person()
    before = password_of(user)
    page = client.sign_in(user).post(
        PAGE, data={"current_password": current, "new_password": new, "repeat_password": repeat}
    )
    assert page.status_code == 422
    assert f'id="f-{field}-wrong"' in page.text
    assert password_of(user) == before
    assert NEW not in page.text


def test_all_rules_are_told_at_once(client: Client) -> None:
    page = client.sign_in(make_person()).post(
        PAGE, data={"current_password": PASSWORD, "new_password": "aaa", "repeat_password": "bbb"}
    )
    assert page.text.count('class="wrong"') == 4


def test_guessing_the_present_password_locks(client: Client) -> None:
    client.sign_in(make_person())
    for _ in range(throttle.FAILURES):
        change(client, current="guess")
    page = client.post(PAGE, data={"current_password": PASSWORD, "new_password": NEW, "repeat_password": NEW})
    assert page.status_code == 429
    assert "Retry-After" in page.headers


def test_the_last_five_may_not_return(client: Client) -> None:
    user = make_person()
    client.sign_in(user)
    chain = [PASSWORD, *(f"Quiet-River {number} stone" for number in range(81, 86))]
    for former, latest in pairwise(chain):
        change(client, former, latest)
    assert passwords.is_right(chain[-1], password_of(user))
    change(client, chain[-1], chain[1])
    assert passwords.is_right(chain[-1], password_of(user))
    change(client, chain[-1], chain[0])  # six back: free again
    assert passwords.is_right(chain[0], password_of(user))
    assert len(db.session.scalars(select(PastPassword)).all()) <= 5


# Second factor


def shown(page: str) -> tuple[str, str]:
    """The signed state and the secret of the page."""
    state = re.search(r'name="secret_state" value="([^"]+)"', page)
    secret = re.search(r"<code>([A-Z2-7 ]{39})</code>", page)
    assert state
    assert secret
    return state[1], secret[1].replace(" ", "")


def enrol(client: Client, **changed: str) -> TestResponse:
    state, secret = shown(client.get(FACTOR).text)
    code = pyotp.TOTP(secret).now()
    return client.post(FACTOR, data={"secret_state": state, "otp_code": code, "current_password": PASSWORD, **changed})


def test_enrolment_shows_ten_recovery_codes_once(client: Client) -> None:
    user = make_person(Role.AUDITOR)
    client.sign_in(user, second_factor=False)
    state, secret = shown(client.get(FACTOR).text)
    page = client.post(
        FACTOR, data={"secret_state": state, "otp_code": pyotp.TOTP(secret).now(), "current_password": PASSWORD}
    )
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    codes = re.findall(r"<code>([A-Z2-7-]{27})</code>", page.text)
    assert len(codes) == 10
    assert client.get("/account").status_code == 200
    fresh = db.session.get_one(User, user.id)
    assert fresh.has_second_factor
    with transaction():
        assert second_factor.use_recovery_code(fresh, codes[3], now())
    assert actions() == ["account:second_factor_enrolled"]


def test_page_has_picture_and_text(client: Client) -> None:
    page = client.sign_in(make_person()).get(FACTOR).text
    assert 'src="data:image/png;base64,' in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "changed", [{"otp_code": "000000"}, {"otp_code": ""}, {"current_password": "wrong"}, {"secret_state": "forged"}]
)
def test_enrolment_needs_code_and_password(client: Client, changed: dict[str, str]) -> None:
    user = make_person()
    client.sign_in(user)
    enrol(client, **changed)
    assert not db.session.get_one(User, user.id).has_second_factor


def test_a_state_of_somebody_else_is_refused(client: Client) -> None:
    state, secret = shown(client.sign_in(make_person()).get(FACTOR).text)
    user = make_person()
    page = client.sign_in(user).post(
        FACTOR, data={"secret_state": state, "otp_code": pyotp.TOTP(secret).now(), "current_password": PASSWORD}
    )
    assert page.status_code == 422
    assert not db.session.get_one(User, user.id).has_second_factor


def test_the_proving_code_is_used_up(client: Client) -> None:
    user = make_person()
    client.sign_in(user)
    enrol(client)
    assert db.session.get_one(User, user.id).totp_last_step > 0


def protected(client: Client) -> tuple[User, list[str]]:
    """Somebody signed in with SECRET enrolled, and their recovery codes."""
    user = with_second_factor(make_person())
    with transaction():
        codes = second_factor.renew_recovery_codes(user)
    client.sign_in(user)
    return user, codes


def secret_of(user: User) -> str:
    db.session.expire_all()
    assert user.totp_secret_encrypted
    return decrypt(user.totp_secret_encrypted, second_factor.PURPOSE).decode()


def renew(client: Client, **changed: str) -> TestResponse:
    data = {"current_password": PASSWORD, "present_otp_code": present_code(), **changed}
    return client.post(RENEWAL, data=data)


def test_a_first_factor_asks_for_no_other(client: Client) -> None:
    client.sign_in(make_person())
    assert "present_otp_code" not in client.get(FACTOR).text
    assert enrol(client).status_code == 200
    assert "present_otp_code" in client.get(FACTOR).text


@pytest.mark.parametrize("given", [{}, {"present_otp_code": ""}, {"present_otp_code": "000000"}])
def test_the_password_alone_replaces_no_factor(client: Client, given: dict[str, str]) -> None:
    user, codes = protected(client)
    page = enrol(client, **given)
    assert page.status_code == 422
    assert 'id="f-present_otp_code-wrong"' in page.text
    assert secret_of(user) == SECRET
    with transaction():
        assert second_factor.use_recovery_code(user, codes[0], now())


def test_the_new_factor_does_not_vouch_for_itself(client: Client) -> None:
    user, _codes = protected(client)
    state, secret = shown(client.get(FACTOR).text)
    code = pyotp.TOTP(secret).now()
    data = {"secret_state": state, "otp_code": code, "present_otp_code": code, "current_password": PASSWORD}
    assert client.post(FACTOR, data=data).status_code == 422
    assert secret_of(user) == SECRET


def test_the_service_asks_the_present_factor_itself(client: Client) -> None:
    user, _codes = protected(client)
    session = db.session.scalars(select(UserSession)).one()
    secret = second_factor.new_secret()
    with pytest.raises(Invalid) as caught, transaction():
        own.enrol_second_factor(user, FactorSetup(secret, pyotp.TOTP(secret).now()), session, 1)
    assert list(caught.value.fields) == ["present_otp_code"]


def test_a_code_of_the_present_factor_replaces_it(client: Client) -> None:
    user, _codes = protected(client)
    assert enrol(client, present_otp_code=present_code()).status_code == 200
    assert secret_of(user) != SECRET
    assert actions() == ["account:second_factor_enrolled"]


def test_a_recovery_code_replaces_it_for_a_lost_phone(client: Client) -> None:
    user, codes = protected(client)
    assert enrol(client, present_otp_code=codes[2]).status_code == 200
    assert secret_of(user) != SECRET
    assert actions() == ["account:recovery_code_used", "account:second_factor_enrolled"]


def test_a_wrong_new_code_uses_no_present_one_up(client: Client) -> None:
    _user, codes = protected(client)
    assert 'id="f-otp_code-wrong"' in enrol(client, otp_code="000000", present_otp_code=codes[2]).text
    assert enrol(client, present_otp_code=codes[2]).status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"current_password": "wrong"}, "current_password"),
        ({"present_otp_code": ""}, "present_otp_code"),
        ({"present_otp_code": "000000"}, "present_otp_code"),
    ],
)
def test_new_recovery_codes_need_both_factors(client: Client, changed: dict[str, str], field: str) -> None:
    user, codes = protected(client)
    page = renew(client, **changed)
    assert page.status_code == 422
    assert f'id="f-{field}-wrong"' in page.text
    with transaction():
        assert second_factor.use_recovery_code(user, codes[0], now())


def test_new_recovery_codes_end_the_former(client: Client) -> None:
    user, codes = protected(client)
    assert renew(client).status_code == 200
    assert second_factor.unused_recovery_codes(user) == 10
    assert renew(client, present_otp_code=codes[0]).status_code == 422


def test_a_recovery_code_brings_new_ones(client: Client) -> None:
    user, codes = protected(client)
    assert renew(client, present_otp_code=codes[0]).status_code == 200
    assert second_factor.unused_recovery_codes(user) == 10


def test_recovery_codes_belong_to_a_second_factor(client: Client) -> None:
    client.sign_in(make_person())
    assert renew(client).status_code == 409


def test_wrong_codes_lock_whatever_form_they_are_typed_into(client: Client) -> None:
    user, codes = protected(client)
    for _ in range(throttle.FAILURES - 1):
        assert renew(client, present_otp_code="000000").status_code == 422
    change(client)  # the password alone wipes nothing
    again = {"current_password": NEW, "present_otp_code": "000000"}
    assert enrol(client, **again).status_code == 422
    page = renew(client, current_password=NEW, present_otp_code=codes[0])
    assert page.status_code == 429
    assert "30" in " ".join(re.findall(r'<div class="note note-bad".*?</div>', page.text, re.DOTALL))
    assert enrol(client, current_password=NEW, present_otp_code=present_code()).status_code == 429
    assert secret_of(user) == SECRET


def test_a_locked_code_is_no_failure_of_the_password(client: Client) -> None:
    protected(client)
    for _ in range(2 * throttle.FAILURES):
        renew(client, present_otp_code="000000")
    assert change(client).status_code == 303


def test_a_right_code_wipes_the_wrong_ones(client: Client) -> None:
    _user, codes = protected(client)
    for _ in range(throttle.FAILURES - 1):
        renew(client, present_otp_code="000000")
    assert renew(client, present_otp_code=codes[0]).status_code == 200
    assert renew(client, present_otp_code="000000").status_code == 422
    assert renew(client).status_code == 200


# Sessions


def another(user: User) -> UserSession:
    with transaction():
        token = sessions.open_session(user, "Firefox")
    row = sessions.find(token)
    assert row is not None
    return row


def test_sessions_are_listed(client: Client) -> None:
    user = make_person()
    client.sign_in(user)
    another(user)
    page = client.get("/account/sessions").text
    assert "Firefox" in page
    assert page.count("<tr>") == 3


def test_one_session_is_ended(client: Client) -> None:
    user = make_person()
    client.sign_in(user)
    row = another(user)
    assert client.post(f"/account/sessions/{row.public_id}/end").location == "/account/sessions"
    assert db.session.get_one(UserSession, row.id).ended_at is not None
    assert client.post(f"/account/sessions/{row.public_id}/end").status_code == 409
    assert client.get("/account").status_code == 200
    assert actions() == ["account:session_ended"]


def test_all_others_are_ended(client: Client) -> None:
    user = make_person()
    client.sign_in(user)
    rows = [another(user), another(user)]
    client.post("/account/sessions/end-others")
    assert all(db.session.get_one(UserSession, row.id).ended_at for row in rows)
    assert client.get("/account").status_code == 200


def test_somebody_elses_session_does_not_exist(client: Client) -> None:
    row = another(make_person())
    assert client.sign_in(make_person()).post(f"/account/sessions/{row.public_id}/end").status_code == 404
    assert db.session.get_one(UserSession, row.id).ended_at is None


# One-time links


def link(user: User, purpose: TokenPurpose = TokenPurpose.RESET) -> str:
    with transaction():
        return f"/set-password/{tokens.issue(user, purpose, now())}"


def test_link_sets_a_password_once(client: Client) -> None:
    user = make_person(password_hash="")
    address = link(user)
    assert client.get(address).status_code == 200
    assert client.get(address).status_code == 200  # looking does not use it up
    assert client.post(address, data={"new_password": NEW, "repeat_password": NEW}).location == "/sign-in"
    assert passwords.is_right(NEW, password_of(user))
    assert client.post(address, data={"new_password": NEW, "repeat_password": NEW}).status_code == 409
    assert actions() == ["account:token_redeemed"]


def test_link_keeps_the_rules(client: Client) -> None:
    user = make_person(password_hash="")
    page = client.post(link(user), data={"new_password": "short", "repeat_password": "short"})
    assert page.status_code == 422
    assert password_of(user) == ""


def test_dead_links_look_alike(client: Client) -> None:
    user = make_person()
    address = link(user)
    with transaction():
        user.raise_epoch()
    assert client.get(address).status_code == client.get("/set-password/unknown").status_code == 409


def test_link_ends_sessions(client: Client) -> None:
    user = make_person()
    client.sign_in(user)
    client.post(link(user), data={"new_password": NEW, "repeat_password": NEW})
    assert client.get("/account").status_code == 303


def test_password_age_starts_anew(client: Client) -> None:
    user = make_person()
    with transaction():
        user.password_changed_at = now() - timedelta(days=400)
    client.sign_in(user)
    change(client)
    assert client.get("/account").status_code == 200
