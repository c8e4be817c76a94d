"""Entering agreements in a real browser: the sheet, its rows, its preview, with and without scripts."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.organisations.models import Organisation, OrganisationKind
from tests.factories import make_organisation, make_region, make_user

from .conftest import VIEWS, Site, follow

pytestmark = pytest.mark.browser
PAGES = [
    "/agreements/new",
    "/agreements/new/framework",
    "/agreements/new/workstation",
    "/agreements/new/docking",
    "/agreements/new/strategic",
    "/agreements/new/own",
    "/agreements/record",
]
Check = Callable[[Page], None]


@dataclass
class Cast:
    """Who takes part."""

    handler: User
    university: Organisation


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A handler of the Anshan bureau, and the university that it deals with."""
    with transaction():
        bureau = make_organisation("鞍山市人力资源和社会保障局", short_zh="鞍山市人社局", name_en="Anshan HR Bureau")
        university = make_organisation(
            "西北工业大学",
            kind=OrganisationKind.UNIVERSITY,
            region=make_region("610100", "西安市", "Xi'an"),
            short_zh="西工大",
            short_en="NPU",
            name_en="Northwestern Polytechnical University",
            moe_code="4161010699",
            pinyin="xibeigongyedaxue",
            initials="xbgydx",
        )
        handler = make_user(Role.HANDLER, organisation=bureau, name="演示经办")
    return Cast(handler, university)


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_are_sound(site: Site, cast: Cast, check_page: Check, language: str, width: int) -> None:
    """No broken rule of accessibility or content policy, no sideways scroll, in both languages on desk and phone."""
    page = site.open(user=cast.handler, language=language, width=width)
    for address in PAGES:
        page.goto(address)
        check_page(page)


def _choose_university(page: Page) -> None:
    box = page.locator("#f-parties-1-organisation")
    box.fill("xbgydx")
    page.locator(".combo-list [role=option]:visible").first.click()


def test_a_draft_from_the_model_text(site: Site, cast: Cast) -> None:
    """Party by initials, the paper beside the sheet follows, and the draft is saved under the title it suggests."""
    page = site.open("/agreements/new/framework", cast.handler)
    _choose_university(page)
    page.get_by_label("签约背景").first.fill("更好服务鞍山钢铁产业发展")
    expect(page.locator("#preview")).to_contain_text("为更好服务鞍山钢铁产业发展，发挥甲方产业和政策优势")
    expect(page.locator("#preview")).to_contain_text("鞍山市人社局与西工大校地合作框架协议")
    page.locator("[data-submit]").click()
    page.wait_for_url("**/agreements/0*")
    with transaction():
        saved = db.session.scalars(select(Agreement)).one()
        assert saved.title_zh == "鞍山市人社局与西工大校地合作框架协议"
        assert [party.name for party in saved.parties] == ["鞍山市人力资源和社会保障局", "西北工业大学"]


def test_without_scripts(site: Site, cast: Cast) -> None:
    """Rows by buttons, the organisation by looking it up, the paper by its button; nothing typed is lost."""
    page = site.open("/agreements/new/strategic", cast.handler, scripts=False)
    page.fill("#f-signing_place", "沈阳市")
    page.fill("#f-parties-1-search", "西北工业")
    follow(page.locator("button[value='lookup']").nth(1))
    page.select_option("#f-parties-1-organisation", label="西北工业大学")
    follow(page.locator("button[value='parties:up:1']"))
    expect(page.locator("#f-parties-0-organisation")).to_have_value(cast.university.public_id)
    follow(page.locator("button[value='parties:add']"))
    expect(page.locator("#f-parties-3-organisation")).to_be_attached()
    expect(page.locator("#f-copies_total")).to_have_value("8")
    follow(page.locator("button[value='parties:remove:3']"))
    follow(page.locator("button[value='preview']"))
    expect(page.locator("#preview")).to_contain_text("签订地点：沈阳市")
    expect(page.locator("#f-signing_place")).to_have_value("沈阳市")


def test_enter_saves_and_removes_nothing(site: Site, cast: Cast) -> None:
    """Without scripts Enter presses the first button of a form: it must not be the one that removes a party."""
    page = site.open("/agreements/new/own", cast.handler, scripts=False)
    page.locator("#f-title_zh").press("Enter")
    expect(page.locator("#f-title_zh-wrong")).to_be_visible()
    expect(page.locator("#f-parties-1-organisation")).to_be_attached()


def test_what_is_wrong_is_told_at_the_field(site: Site, cast: Cast, check_page: Check) -> None:
    """A day that does not exist, in the words of the reader, with the focus on the summary."""
    page = site.open("/agreements/record", cast.handler, language="en")
    page.fill("#f-signed_on", "2023-02-30")
    page.locator("[data-submit]").click()
    expect(page.locator("#f-signed_on-wrong")).to_contain_text("2023-02-30")
    expect(page.locator("#f-source-wrong")).to_be_visible()
    expect(page.locator("[data-errors]")).to_be_focused()
    check_page(page)


def test_who_saves_second_sees_both(site: Site, cast: Cast, check_page: Check) -> None:
    """Two windows on one draft: the second one is told, nothing it typed is lost, and sending again replaces."""
    page = site.open("/agreements/new/framework", cast.handler, language="en")
    _choose_university(page)
    page.locator("[data-submit]").click()
    page.wait_for_url("**/agreements/0*")
    late = site.open(f"{page.url}/edit", cast.handler, language="en")
    page.goto(f"{page.url}/edit")
    for window, place in ((page, "鞍山市"), (late, "西安市")):
        window.fill("#f-signing_place", place)
        follow(window.locator("[data-submit]"))
    expect(late.locator("[data-errors]")).to_contain_text("鞍山市")
    expect(late.locator("[data-errors]")).to_contain_text("西安市")
    check_page(late)
    late.locator("[data-submit]").click()
    late.wait_for_url("**/agreements/0*")
    expect(late.locator("main")).to_contain_text("西安市")
