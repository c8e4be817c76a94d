"""Accounts in a real browser: the first sign-in of an administrator, and every page looked at."""

from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from registry.accounts import tokens
from registry.accounts.models import TokenPurpose, User
from registry.accounts.services import roles
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import transaction
from tests.accounts.people import PASSWORD, make_person, present_code, with_second_factor
from tests.browser.conftest import VIEWS, Site, follow

pytestmark = pytest.mark.browser
NEW = "Quiet-River 82 stone"
Check = Callable[[Page], None]


def send(page: Page) -> None:
    follow(page.locator("main [data-submit]").first)


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"[name={name}]", value)


def invitation(user: User) -> str:
    with transaction():
        return f"/set-password/{tokens.issue(user, TokenPurpose.INVITATION, now())}"


@pytest.mark.parametrize(("language", "scripts"), [("zh", True), ("en", True), ("zh", False)])
def test_an_administrators_first_sign_in(site: Site, language: str, scripts: bool) -> None:
    user = make_person(Role.SECURITY_ADMIN, password_hash="")
    page = site.open(invitation(user), language=language, scripts=scripts)
    fill(page, new_password=NEW, repeat_password=NEW)
    send(page)
    fill(page, account=user.account, password=NEW)
    send(page)
    assert page.url.endswith("/account/second-factor")
    secret = page.locator("main code").inner_text().replace(" ", "")
    fill(page, otp_code=pyotp.TOTP(secret).now(), current_password=NEW)
    send(page)
    codes = page.locator("main ol code").all_inner_texts()
    assert len(codes) == 10
    page.goto("/users")
    assert page.url.endswith("/users")
    page.context.clear_cookies()
    page.goto("/users")
    fill(page, account=user.account, password=NEW)
    send(page)
    fill(page, otp_code=codes[0])
    send(page)
    assert page.url.endswith("/users")


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_before_signing_in(site: Site, check_page: Check, language: str, width: int) -> None:
    user = with_second_factor(make_person())
    page = site.open("/sign-in", language=language, width=width)
    check_page(page)
    fill(page, account="nobody", password="wrong")
    send(page)
    check_page(page)
    fill(page, account=user.account, password=PASSWORD)
    send(page)
    assert "/sign-in/second-factor" in page.url
    check_page(page)
    page.goto(invitation(user))
    check_page(page)
    fill(page, new_password="short", repeat_password="shorter")
    send(page)
    check_page(page)


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_own_pages(site: Site, check_page: Check, language: str, width: int) -> None:
    page = site.open(user=with_second_factor(make_person()), language=language, width=width)
    for address in ("/account", "/account/password", "/account/second-factor", "/account/sessions"):
        page.goto(address)
        check_page(page)
    page.goto("/account")
    page.locator("main details summary").click()
    fill(page, current_password=PASSWORD, present_otp_code="000000")
    follow(page.locator("main details button"))
    check_page(page)
    fill(page, current_password=PASSWORD, present_otp_code=present_code())
    follow(page.locator("main details button"))
    assert page.locator("main ol code").count() == 10
    check_page(page)


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_of_the_administrators(site: Site, check_page: Check, language: str, width: int) -> None:
    user, first, second = make_person(), make_person(Role.SECURITY_ADMIN), make_person(Role.SECURITY_ADMIN)
    spare = make_person(Role.SECURITY_ADMIN)
    with transaction():
        roles.propose(first, spare, Role.SECURITY_ADMIN, grant=False)
    shown = {
        make_person(Role.SYSTEM_ADMIN): [
            "/users",
            "/users/new",
            f"/users/{user.public_id}",
            f"/users/{user.public_id}/edit",
        ],
        second: ["/users", f"/users/{user.public_id}", f"/users/{spare.public_id}", "/role-proposals"],
        make_person(Role.AUDITOR): ["/audit", "/audit?since=soon", "/audit?actor=nobody"],
    }
    for person, addresses in shown.items():
        page = site.open(user=person, language=language, width=width)
        for address in addresses:
            page.goto(address)
            check_page(page)


def test_chain_is_checked_and_exported(site: Site, check_page: Check) -> None:
    page = site.open("/audit", make_person(Role.AUDITOR))
    follow(page.locator("form[action='/audit/check'] button"))
    expect(page.locator(".note-ok")).to_have_count(1)
    check_page(page)
    page.goto("/audit")
    with page.expect_download() as download:
        page.locator("form[action='/audit/export'] button").click()
    assert download.value.suggested_filename.endswith(".csv")


def test_a_link_is_shown_once(site: Site, check_page: Check) -> None:
    user = make_person()
    page = site.open(f"/users/{user.public_id}", make_person(Role.SYSTEM_ADMIN))
    page.locator(f"details:has(form[action='/users/{user.public_id}/reset-password']) summary").click()
    follow(page.locator(f"form[action='/users/{user.public_id}/reset-password'] button"))
    check_page(page)
    assert "/set-password/" in page.locator("main code").inner_text()
