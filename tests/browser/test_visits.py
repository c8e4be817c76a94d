"""Visits in a real browser: sound pages at the desk and on a phone, and who was there while one types."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.core.dates import today
from registry.core.db import transaction
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.models import Visit
from registry.visits.services import entry
from tests.agreements.scene import Scene, make_scene

from .conftest import DESK, PHONE, Site

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
EMPLOYER = "示例钢铁有限公司"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        made = make_scene()
        made.in_force().effective_on = today() - timedelta(days=731)
    return made


@pytest.fixture
def visits(scene: Scene) -> list[Visit]:
    """One that the university held and one that it plans."""
    details = {"kind": VisitKind.ENTERPRISE_EXPANSION, "visited_name": EMPLOYER, "leader_office": "校长"}
    held = VisitDetails(**details, day=today(), took_place=True, findings="愿意", problems=("缺岗位",))  # type: ignore[arg-type]
    planned = VisitDetails(**details, day=today() + timedelta(days=9))  # type: ignore[arg-type]
    with transaction():
        return [entry.enter(one, scene.university.handler) for one in (held, planned)]


def test_visits_at_the_desk_and_on_a_phone(site: Site, scene: Scene, visits: list[Visit], check_page: Check) -> None:
    held, planned = (f"/visits/{one.public_id}" for one in visits)
    desk, phone = ("/visits", "/visits/board", held), ("/visits", planned, f"{planned}/record")
    for language, width, addresses in (("zh", DESK, desk), ("en", PHONE, phone)):
        page = site.open(user=scene.university.handler, language=language, width=width)
        for address in addresses:
            page.goto(address)
            check_page(page)
        page = site.open("/visits/plan", scene.bureau.handler, language=language, width=width)
        check_page(page)
        page.locator("input[name=pick]").focus()
        page.keyboard.press("Space")
        expect(page.locator("input[name=pick]")).not_to_be_checked()
    page = site.open("/visits/new", scene.bureau.handler, language="en")
    page.fill("[name=visited_name]", EMPLOYER)
    expect(page.locator("#company")).to_contain_text("1 visit in the last 90 days")
    expect(page.locator("#company")).not_to_contain_text("西北工业大学")  # none of the bureau's business
