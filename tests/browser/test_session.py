"""The frame around a signed-in reader, and a session that ends in the middle of a form."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from registry.accounts.models import UserSession
from registry.accounts.passwords import hash_password
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from tests.factories import make_organisation, make_user

from .conftest import DESK, PHONE, Site

pytestmark = pytest.mark.browser
PASSWORD = "Plainly-Fictional-2026"


@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", DESK)])
def test_menus_are_accessible(site: Site, check_page: Callable[[Page], None], language: str, width: int) -> None:
    with transaction():
        user = make_user(Role.HANDLER, Role.SECTION_HEAD, language=language)
    page = site.open("/", user, language=language, width=width)
    page.locator(".phone-menu summary" if width == PHONE else "details.user summary").click()
    check_page(page)
    page.keyboard.press("Escape")
    page.locator("details.user summary").click()
    page.locator("form[data-sign-out] button").click()
    expect(page).to_have_url(f"{site.url}/sign-in")
    check_page(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_survives_the_end_of_the_session(site: Site, scripts: bool) -> None:
    with transaction():
        own = make_organisation("鞍山市人力资源和社会保障局")
        user = make_user(Role.HANDLER, organisation=own, language="en", password_hash=hash_password(PASSWORD))
    page = site.open("/organisations/new", user, language="en", scripts=scripts)
    page.locator("#f-name_zh").fill("鞍山市测试企业")
    page.locator("#f-note").fill("half a page\nof thoughts")
    with transaction():
        long_ago = now() - timedelta(hours=1)
        db.session.execute(update(UserSession).values(seen_at=long_ago))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("what you typed is kept")).to_be_visible()
    page.locator("#f-account").fill(user.account)
    page.locator("#f-password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("check it and send it once more")).to_be_visible()
    expect(page.locator("#f-name_zh")).to_have_value("鞍山市测试企业")
    expect(page.locator("#f-note")).to_have_value("half a page\nof thoughts")
    page.locator("select[name=kind]").select_option("enterprise")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("鞍山市测试企业")
