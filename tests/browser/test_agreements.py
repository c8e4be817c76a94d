"""Every page of agreements in a real browser: accessible, in both languages, on desk and phone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.core.db import transaction
from tests.agreements.scene import Scene, make_scene

from .conftest import VIEWS, Site, follow

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_are_sound(site: Site, scene: Scene, check_page: Check, language: str, width: int) -> None:
    with transaction():
        made = [scene.in_force(), scene.draft()]
        addresses = ["/", "/todo", "/agreements", *(f"/agreements/{one.public_id}" for one in made)]
        addresses.append(f"/v/{made[0].verification_code}")
    page = site.open(user=scene.bureau.handler, language=language, width=width)
    for address in addresses:
        page.goto(address)
        check_page(page)


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_of_a_draft_can_be_looked_at(
    site: Site, scene: Scene, fonts: Path, check_page: Check, language: str, width: int
) -> None:
    """From the draft to its pages, on to the bilingual edition, and to the file."""
    with transaction():
        address = f"/agreements/{scene.draft().public_id}"
    page = site.open(address, scene.bureau.handler, language=language, width=width)
    follow(page.locator(f"a[href='{address}/pages']"))
    pictures = page.locator(".sheets img")
    for edition in ("zh", "both", "en"):
        page.locator(f".editions a[href$='edition={edition}']").click()
        expect(page.locator(".editions [aria-current=page]")).to_have_attribute("href", re.compile(edition))
        expect(pictures.first).to_have_js_property("complete", True)
        expect(pictures.first).to_have_js_property("naturalWidth", 990)
        check_page(page)
    with page.expect_download() as download:
        page.locator(f"a[href$='/pages/{edition}.pdf']").click()
    assert download.value.suggested_filename.endswith("-en.pdf")


def test_a_refused_step_keeps_what_was_typed(site: Site, scene: Scene, check_page: Check) -> None:
    """The opened form comes back with its text, the focus on what is wrong."""
    with transaction():
        agreement = scene.review()
        address = f"/agreements/{agreement.public_id}"
    page = site.open(address, scene.bureau.section_head)
    form = page.locator("form[action$='/return']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("button").last.click()
    expect(page.locator("[data-errors]").first).to_be_focused()
    check_page(page)


def test_a_second_click_does_nothing_twice(site: Site, scene: Scene) -> None:
    """Two windows show the same draft; the second submit is told what happened since."""
    with transaction():
        agreement = scene.draft()
        address = f"/agreements/{agreement.public_id}"
    first, second = (site.open(address, scene.bureau.handler) for _window in range(2))
    first.locator("form[action$='/submit'] button").last.click()
    expect(first.locator(".note-ok")).to_be_visible()
    second.locator("form[action$='/submit'] button").last.click()
    expect(second.locator("main [data-errors]").first).to_contain_text(scene.bureau.handler.name)
