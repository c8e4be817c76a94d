"""Activities in a real browser: sound pages, and story 7 by keyboard, refused first with what was typed kept."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.core.db import transaction
from tests.activities.fairs import lines, make_activity, make_part, make_series
from tests.agreements.scene import make_scene

from .conftest import PHONE, Site
from .test_journey import send

pytestmark = pytest.mark.browser


def test_the_fair_of_the_launch_is_entered_by_keyboard(
    app: Flask, site: Site, check_page: Callable[[Page], None]
) -> None:
    with transaction():
        scene = make_scene()
        series = make_series(scene, figures=lines(participants="65,438+10,000", positions="6.24万"))
        make_part(scene, series, figures=lines(positions="2,000"))
        planned = make_activity(scene, is_held=False, title_zh="另一场")
    page = site.open(user=scene.bureau.section_head, language="en", width=PHONE)
    figure = f"/activities/{series.public_id}/figures/{series.figures[0].public_id}"
    for one in ("", "/totals", f"/{series.public_id}", f"/{planned.public_id}", f"/{planned.public_id}/edit"):
        page.goto(f"/activities{one}")
        check_page(page)
    page.goto(figure)
    check_page(page)
    page = site.open("/activities/new", scene.bureau.handler)
    typed = {"title_zh": "启动仪式现场招聘活动", "held_on": "2023-03-18", "figure-positions": "5,459"}
    for name, text in (typed | {"figure-positions_over_10k": "6,000"}).items():
        page.locator(f"#f-{name}").focus()
        page.keyboard.insert_text(text)
    page.locator("#f-kind").select_option("job_fair")
    page.locator("#f-is_held").press("Space")
    page.keyboard.press("Control+s")
    expect(page.locator("#f-figure-positions_over_10k")).to_have_class("form-control is-invalid")
    expect(page.locator("#f-figure-positions")).to_have_value("5,459")
    check_page(page)
    page.locator("#f-figure-positions_over_10k").fill("949")
    page.locator("button[data-submit]").press("Enter")
    expect(page.get_by_text("17.4%")).to_be_visible()
    check_page(page)
    page.goto("/relationships")  # the other fair is only arranged so far, and now it is held
    page.locator("main tbody a").first.click()
    expect(page.locator("#timeline")).not_to_contain_text("另一场")
    relationship = page.url
    page.goto(f"/activities/{planned.public_id}")
    send(page, "/hold")
    page.goto(relationship)
    expect(page.locator("#timeline")).to_contain_text("另一场")
