"""Every component, in both languages, on a desk and on a phone, on paper, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, VIEWS, Site

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_every_component_is_accessible(site: Site, check_page: Check, language: str, width: int) -> None:
    page = site.open("/styleguide?flash=1", language=language, width=width)
    check_page(page)
    page.locator("details.confirm > summary").first.click()
    page.locator("#f-university").click()
    expect(page.locator(".combo-list [role=option]").first).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("status", [404, 409, 422, 423, 410])
def test_error_pages_say_what_to_do(site: Site, check_page: Check, status: int) -> None:
    page = site.open(f"/styleguide/problem/{status}", width=PHONE)
    expect(page.locator(".problem h1")).to_be_visible()
    expect(page.locator(".problem code")).to_have_text(page.locator(".foot code").inner_text())
    check_page(page)


def test_a_refused_form_leads_to_its_fields(site: Site, check_page: Check) -> None:
    page = site.open("/styleguide", language="en")
    page.get_by_label("Note").fill("kept")
    page.get_by_role("button", name="Save", exact=True).first.click()
    summary = page.locator("[data-errors]")
    expect(summary).to_be_focused()
    check_page(page)
    summary.get_by_role("link", name="Name: This field is required").click()
    expect(page.locator("#f-name")).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("kept")


def test_a_form_is_sent_without_scripts(site: Site) -> None:
    page = site.open("/styleguide", language="en", scripts=False)
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator("[data-errors]")).to_contain_text("At least two parties are needed")
    page.locator("#f-name").fill("鞍山")
    page.locator("select#f-university").select_option("10145")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".note-ok").first).to_contain_text("Saved")
    page.locator("details.confirm > summary").first.click()
    expect(page.locator("details.confirm textarea").first).to_be_visible()


def test_paper_shows_the_content_alone(site: Site) -> None:
    page = site.open("/styleguide", width=PHONE)
    page.emulate_media(media="print")
    for hidden in (".top", ".filter", ".actions", ".form-actions"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".rows thead").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.rows tbody tr')).display") == "table-row"


def test_the_language_is_switched_and_kept(site: Site) -> None:
    page = site.open("/styleguide?status=draft", language="zh")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(f"{site.url}/styleguide?status=draft")
    page.goto("/styleguide")
    expect(page.locator("html")).to_have_attribute("lang", "en")
