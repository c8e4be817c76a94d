"""What the scripts add: searching lists, calendars, kept drafts, partial pages, keys, one click where two were made."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site

pytestmark = pytest.mark.browser
COMPOSED_ENTER = "node => node.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true}))"
OPTION = ".combo-list [role=option]"


def _university(page: Page) -> tuple[str, str]:
    field = page.get_by_role("combobox", name="University", exact=True)
    return field.input_value(), page.locator("select[name=university]").input_value()


@pytest.mark.parametrize("typed", ["dbdx", "DongBei", "东北", "10145", "dongbei daxue"])
def test_a_university_is_found_by_text_pinyin_and_initials(site: Site, typed: str) -> None:
    page = site.open("/styleguide", language="en")
    field = page.get_by_role("combobox", name="University", exact=True)
    field.press_sequentially(typed)
    expect(page.locator(OPTION).first).to_contain_text("东北大学")
    field.press("Enter")
    assert _university(page) == ("东北大学", "10145")
    assert page.url.endswith("/styleguide")  # Enter chose, it did not send the form


def test_keys_of_an_input_method_are_left_alone(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    field = page.get_by_role("combobox", name="University", exact=True)
    field.press_sequentially("xb")
    expect(page.locator(OPTION)).to_have_count(2)
    field.evaluate(
        "node => node.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(page.locator(OPTION)).to_have_count(2)
    assert _university(page)[1] == ""


def test_what_is_no_entry_does_not_stay(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    field = page.get_by_role("combobox", name="University", exact=True)
    field.fill("no such place")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.locator("#f-name").focus()
    assert _university(page) == ("", "")


def test_a_long_list_is_asked_for_on_the_way(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    field = page.get_by_role("combobox", name="A list from elsewhere")
    field.press_sequentially("xbgy")
    page.locator(OPTION, has_text="西北工业大学").click()
    expect(field).to_have_value("西北工业大学")
    expect(page.locator("select[name=other]")).to_have_value("10699")


def test_a_date_can_be_picked(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    page.locator("#f-signed_on ~ .native-date").evaluate(
        "node => { node.value = '2026-11-22'; node.dispatchEvent(new Event('change')); }"
    )
    expect(page.locator("#f-signed_on")).to_have_value("2026-11-22")
    expect(page.get_by_role("button", name="Choose in a calendar")).to_be_visible()


def test_an_unfinished_entry_is_offered_again(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    page.locator("#f-note").press_sequentially("half a thought")
    page.locator("#f-copy-1").check()
    expect(page.locator("#sample [data-state]")).to_contain_text("Kept on this computer at")
    page.goto("about:blank")
    page.goto("/styleguide")
    expect(page.locator("#f-note")).to_have_value("")
    page.get_by_role("button", name="Fill it in").click()
    expect(page.locator("#f-note")).to_have_value("half a thought")
    expect(page.locator("#f-copy-1")).to_be_checked()


def test_a_form_that_was_taken_leaves_no_draft(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    page.locator("#f-name").press_sequentially("done")
    expect(page.locator("#sample [data-state]")).to_contain_text("Kept on this computer at")
    page.locator("#sample [data-submit]").click()
    expect(page.locator(".note-ok").first).to_be_visible()
    page.wait_for_function("localStorage.length === 0")  # the script settles it, after the page is seen


def test_enter_goes_on_and_ctrl_s_sends(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    page.locator("#f-name").fill("one")
    page.locator("#f-name").press("Enter")
    expect(page.locator("#f-kind")).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.locator(".note-ok").first).to_contain_text("Saved")


def test_two_clicks_send_one_form(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("#f-name").fill("one")
    page.locator("#sample [data-submit]").dblclick()
    expect(page.locator(".note-ok").first).to_be_visible()
    assert len(sent) == 1


def test_a_list_turns_its_page_in_place(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    page.evaluate("window.stayed = true")
    page.locator("#list").get_by_role("link", name="3", exact=True).click()
    expect(page.locator("#list [aria-current=page]")).to_have_text("3")
    expect(page).to_have_url(re.compile("page=3$"))
    page.get_by_label("Keyword").fill("鞍山")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#list [aria-current=page]")).to_have_text("1")
    assert page.evaluate("window.stayed")
    page.go_back()
    expect(page.locator("#list [aria-current=page]")).to_have_text("3")


def test_escape_and_a_click_elsewhere_close_a_confirmation(site: Site) -> None:
    page = site.open("/styleguide", language="en")
    panel = page.locator("details.confirm").first
    panel.locator("summary").click()
    expect(panel.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panel.locator("summary")).to_be_focused()
    expect(panel.locator("textarea")).to_be_hidden()
    panel.locator("summary").click()
    page.locator("h1").click()
    expect(panel.locator("textarea")).to_be_hidden()
