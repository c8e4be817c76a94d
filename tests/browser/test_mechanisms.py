"""A mechanism in a real browser: sound pages, a meeting that wakes the relationship, and the draft that grows of it."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.core.db import transaction
from registry.mechanisms.models import DockingMechanism
from tests.agreements.scene import Scene, make_scene
from tests.mechanisms.meetings import established

from .conftest import DESK, PHONE, Site
from .test_journey import send

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def mechanism(scene: Scene) -> DockingMechanism:
    """With one meeting, long ago."""
    with transaction():
        return established(scene, meetings=1)


def test_a_meeting_wakes_the_relationship_and_a_draft_grows(
    site: Site, scene: Scene, mechanism: DockingMechanism, check_page: Check
) -> None:
    here = f"/mechanisms/{mechanism.public_id}"
    relationship = _look(site, scene, here, check_page)
    bureau = site.open(here, scene.bureau.handler)
    expect(bureau.locator("main")).to_contain_text("未登记")
    send(bureau, "/meetings", minutes="商定秋季进校招聘安排", decisions="十月前征集岗位")
    university = site.open(relationship, scene.university.handler)
    expect(university.locator("#timeline li").first).to_contain_text("会商")
    expect(university.locator("main")).to_contain_text("下次会商")
    expect(university.locator("main .note-warn")).to_have_count(0)
    bureau.locator("summary", has_text="升级为协议").click()
    bureau.locator("form[action$='/upgrade'] button").last.click()
    bureau.wait_for_url("**/agreements/**")
    expect(bureau.locator("main")).to_contain_text(scene.university.organisation.name_zh)
    bureau.goto(here)
    expect(bureau.locator("main")).to_contain_text("草稿")
    check_page(bureau)


def _look(site: Site, scene: Scene, here: str, check_page: Check) -> str:
    """Every page of mechanisms and relationships; returns the address of the relationship."""
    address = ""
    for language, width in (("zh", PHONE), ("en", DESK)):
        page = site.open("/relationships", scene.bureau.handler, language=language, width=width)
        check_page(page)
        page.locator("main tbody a").first.click()
        page.wait_for_url("**/relationships/0*")
        address = page.url.removeprefix(site.url)
        for path in (address, "/mechanisms", "/mechanisms/new", here, f"{here}/edit"):
            page.goto(path)
            for summary in page.locator("main details.add-record > summary").all():
                summary.click()
            check_page(page)
    return address
