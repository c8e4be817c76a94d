"""Finding something by keyboard: the slash, a few letters, arrows, Enter; on the page of results without a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.core.db import transaction
from tests.agreements.scene import make_scene
from tests.mechanisms.meetings import make_mechanism

from .conftest import DESK, VIEWS, Site

pytestmark = pytest.mark.browser
COMPOSING = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_finding_by_keyboard(site: Site, check_page: Callable[[Page], None], language: str, width: int) -> None:
    with transaction():
        scene = make_scene()
        scene.draft()
        make_mechanism(scene)
    page = site.open(
        "/agreements" if width == DESK else "/search", scene.bureau.handler, language=language, width=width
    )
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("xbgydx/")
    with page.expect_response("**q=xbgydx"):  # what was found for less would be replaced under the arrows
        page.keyboard.press("Backspace")
    options = page.locator("#find-list [role=option]")
    expect(options).to_have_count(4)  # two records, the university, and all of them
    check_page(page)
    page.keyboard.press("ArrowDown")
    page.evaluate(f"document.activeElement.dispatchEvent({COMPOSING})")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=xbgydx")
    check_page(page)
    hits = page.locator("[data-hit]")
    page.locator("#find").focus()
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/organisations/{scene.university.organisation.public_id}")
