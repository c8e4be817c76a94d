"""A workstation in a real browser: an activity recorded by keyboard, pages accessible on a desk and a phone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.core.dates import today
from registry.core.db import transaction
from registry.workstations.inputs import Targets
from registry.workstations.services import reminders, yearly
from tests.agreements.scene import make_scene
from tests.workstations.stations import FAIR, TALK, days_ago, operating, record

from .conftest import DESK, PHONE, Site

pytestmark = pytest.mark.browser


def test_a_silent_station_is_woken_by_keyboard(app: Flask, site: Site, check_page: Callable[[Page], None]) -> None:
    with transaction():
        scene = make_scene()
        station = operating(scene, term_until=days_ago(-30))
        yearly.set_targets(station, Targets(today().year, {TALK: 2, FAIR: 1}), scene.bureau.handler)
        (activity,) = record(scene, station, days_ago(91))
    reminders.remind_silent(today())
    here = f"/workstations/{station.public_id}"
    page = site.open("/workstations?mark=silent", scene.bureau.handler, width=PHONE)
    check_page(page)
    page.get_by_role("link", name=station.title_zh).click()
    expect(page.get_by_text("双方会收到提醒")).to_be_visible()
    page.get_by_text("登记活动", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("数量").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("3")
    check_page(page)
    page.get_by_role("button", name="登记", exact=True).press("Enter")
    expect(page.get_by_text("活动已登记")).to_be_visible()
    expect(page.get_by_text("双方会收到提醒")).to_have_count(0)
    desk = site.open(here, scene.bureau.section_head, language="en", width=DESK)
    check_page(desk)
    for address in (f"{here}/edit", f"{here}/activities/{activity.public_id}", "/workstations/new"):
        desk.goto(address)
        check_page(desk)
    desk.goto(here)
    desk.get_by_text("Decide the grade").click()
    desk.get_by_role("button", name="Decide", exact=True).click()
    expect(desk.get_by_text(re.compile("decided on"))).to_be_visible()
    check_page(desk)
