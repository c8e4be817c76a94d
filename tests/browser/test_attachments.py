"""Files beside a record in a browser: two are dropped, one of them good. Without scripts: see the tests of views."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.agreements.models import SigningEvent
from registry.core.db import transaction
from tests.agreements.events.ceremony import PAST, make_event
from tests.agreements.scene import Scene, make_scene
from tests.documents.attached import photo

from .conftest import DESK, DROP, PHONE, Site, follow

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def event(scene: Scene) -> SigningEvent:
    with transaction():
        return make_event(scene, PAST)


@pytest.mark.parametrize(("language", "width"), [("zh", DESK), ("en", PHONE)])
def test_two_files_are_dropped_and_told_of(
    site: Site, scene: Scene, event: SigningEvent, check_page: Callable[[Page], None], language: str, width: int
) -> None:
    page = site.open(f"/events/{event.public_id}", scene.bureau.handler, language=language, width=width)
    files = [["合影.tif", b64encode(photo("TIFF", pages=2)).decode()], ["坏.exe", b64encode(b"MZ").decode()]]
    page.locator("form[data-attach]").evaluate(DROP, files)
    told = page.locator("[data-told]")
    expect(told).to_contain_text("坏.exe")
    expect(told).to_contain_text("1")
    expect(page.locator("[data-results] .ok")).to_have_count(1)
    expect(page.locator("[data-results] .bad")).to_have_count(1)
    expect(page.locator("[data-attached-count]")).to_have_text("1")
    page.locator(".attached summary").click()
    check_page(page)
    follow(page.locator(".attached-name"))
    pictures = page.locator(".sheets img")
    expect(pictures).to_have_count(2)
    pictures.last.scroll_into_view_if_needed()
    for picture in (pictures.first, pictures.last):
        expect(picture).to_have_js_property("naturalWidth", 40)
    check_page(page)
