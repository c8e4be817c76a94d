"""Signing events in a real browser: sound pages, and ticking at the table with and without scripts."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.agreements.models import SigningEvent
from registry.agreements.services import batch
from registry.core.db import transaction
from tests.agreements.events.ceremony import FUTURE, PAST, make_event
from tests.agreements.events.test_batch import row
from tests.agreements.events.test_views import picture
from tests.agreements.scene import Scene, make_scene

from .conftest import PHONE, VIEWS, Site

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
LOOKS_AFTER = 15_000  # ms, of ticks.js


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def event(scene: Scene) -> SigningEvent:
    with transaction():
        return make_event(scene, FUTURE, scene.signing(), scene.draft(title_zh="草稿"))


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_are_sound(
    site: Site, scene: Scene, event: SigningEvent, check_page: Check, language: str, width: int
) -> None:
    with transaction():
        past = make_event(scene, PAST)
        (stub,) = batch.record_batch(past, [row()], scene.bureau.handler)
    with transaction():
        batch.confirm_batch(past, {stub.public_id: stub.row_version}, scene.bureau.section_head)
    here = f"/events/{event.public_id}"
    page = site.open(user=scene.bureau.handler, language=language, width=width)
    for address in (
        "/events",
        "/events/new",
        here,
        f"{here}/edit",
        f"{here}/table",
        f"/events/{past.public_id}",
        f"/events/{past.public_id}/batch",
        "/agreements/details-missing",
        f"/agreements/{stub.public_id}/supplement",
    ):
        page.goto(address)
        check_page(page)
    page = site.open(f"{here}/scans", scene.bureau.seal_keeper, language=language, width=width)
    blank = {"name": "一份没有识别码的扫描件.png", "mimeType": "image/png", "buffer": picture()}
    page.set_input_files("[name=files]", blank)  # type: ignore[arg-type]  # a file payload
    page.locator("form[enctype] button[data-submit]").click()
    page.locator("main .rows summary").first.wait_for()
    for summary in page.locator("main .rows summary").all():
        summary.click()
    check_page(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_one_tap_at_the_table_and_back(site: Site, scene: Scene, event: SigningEvent, scripts: bool) -> None:
    page = site.open(f"/events/{event.public_id}/table", scene.bureau.handler, width=PHONE, scripts=scripts)
    counted = page.locator(".tick-count")
    expect(counted).to_contain_text("现场已签0项，共2项")
    page.locator(".tick-list .btn-primary").first.click()
    expect(counted).to_contain_text("现场已签1项，共2项")
    page.locator(".tick-list summary").click()
    page.locator(".tick-list textarea").fill("误点")
    page.locator(".tick-list .confirm-panel button").click()
    expect(counted).to_contain_text("现场已签0项，共2项")


def test_another_window_sees_the_tap_by_itself(site: Site, scene: Scene, event: SigningEvent) -> None:
    table = f"/events/{event.public_id}/table"
    watching = site.open(user=scene.bureau.leader)
    watching.clock.install()
    watching.goto(table)
    tapping = site.open(table, scene.bureau.handler)
    tapping.locator(".tick-list .btn-primary").first.click()
    expect(tapping.locator(".tick-count")).to_contain_text("现场已签1项")
    watching.clock.fast_forward(LOOKS_AFTER)
    expect(watching.locator(".tick-count")).to_contain_text("现场已签1项")
