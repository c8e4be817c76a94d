"""Enterprise docking in a real browser: sound pages, and a card moved by mouse, by keyboard and without a script."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.core.dates import today
from registry.core.db import transaction
from registry.docking import services
from registry.docking.enums import DropReason, Stage
from registry.docking.inputs import Loss
from tests.docking.pipeline import Pipeline, make_pipeline

from .conftest import DESK, PHONE, Site, follow

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


@pytest.fixture
def line(app: Flask) -> Pipeline:
    with transaction():
        return make_pipeline()


def test_sound_pages_and_three_ways_to_move_a_card(site: Site, line: Pipeline, check_page: Check) -> None:
    with transaction():
        case, rising, lost = line.at(Stage.VERIFIED), line.at(Stage.ONBOARDED), line.case()
        line.move(rising, Stage.RETAINED_6M, counts={"retained": 9})
        services.lose(lost, Loss(DropReason.PAY, "薪酬低于预期"), line.handler)
    here = f"/docking/{case.public_id}"
    for language, width in (("zh", DESK), ("en", PHONE)):
        page = site.open(user=line.handler, language=language, width=width)
        for address in (
            "/docking",
            "/docking/board",
            "/docking/figures?by=university",
            "/docking/new",
            here,
            f"{here}?to=interview",
            f"/docking/{rising.public_id}?record=signed",
            f"/docking/{lost.public_id}",
        ):
            page.goto(address)
            for summary in page.locator("main details.confirm > summary").all():
                summary.click()
            check_page(page)
    _by_mouse(site, line, here)
    _by_keyboard(site, line, here)
    _without_a_script(site, line, here)


def _by_mouse(site: Site, line: Pipeline, here: str) -> None:
    """Dropping opens the form of the column's stage; a column behind takes nothing."""
    page = site.open("/docking/board", line.handler)
    card = page.locator(f'[data-card="{here}"]')
    card.drag_to(page.locator('[data-stage="registered"]'))
    expect(page).to_have_url(f"{site.url}/docking/board")
    card.drag_to(page.locator('[data-stage="posted"]'))
    expect(page).to_have_url(f"{site.url}{here}?to=posted#advance")


def _by_keyboard(site: Site, line: Pipeline, here: str) -> None:
    """Taken up, put back, taken up again, two stages on; what happens is said."""
    page = site.open("/docking/board", line.handler)
    handle = page.locator(f'[data-card="{here}"] .board-handle')
    handle.focus()
    page.keyboard.press("Space")
    expect(handle).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#board-said")).to_have_text("已放回。")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#board-said")).to_have_text("移至：岗位发布")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}{here}?to=posted#advance")


def _without_a_script(site: Site, line: Pipeline, here: str) -> None:
    """The link on the card leads to the form, which is sent like any other; then the card stands in its new column."""
    page = site.open("/docking/board", line.handler, scripts=False)
    page.locator(f'[data-card="{here}"] .board-next').click()
    page.fill("[name=actual_on]", f"{today():%Y%m%d}")
    page.fill("#advance [name=evidence]", "双方座谈")
    follow(page.locator("#advance button[data-submit]"))
    page.goto("/docking/board")
    expect(page.locator(f'[data-stage="field_docking"] [data-card="{here}"]')).to_be_visible()
