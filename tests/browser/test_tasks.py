"""Pages of tasks in a real browser: sound in both languages and sizes, every form of them open."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from registry.core.db import transaction
from registry.tasks import closing, supervision
from registry.tasks.enums import SlipColour
from registry.tasks.inputs import Report, SlipDetails
from tests.tasks.pages import overdue
from tests.tasks.scene import make_scene

from .conftest import DESK, PHONE, Site

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", DESK)])
def test_pages_are_sound(site: Site, app: Flask, check_page: Check, language: str, width: int) -> None:
    with transaction():
        scene = make_scene()
        red = overdue(scene.task())
        closing.report(red, Report("已联系", 40, "缺经费", "请协调"), scene.university.handler)
        slip = supervision.issue(red, SlipDetails(SlipColour.RED, "五日内办结"), scene.bureau.section_head)
        requested = scene.requested()
    here = f"/tasks/{red.public_id}"
    page = site.open("/tasks", scene.bureau.leader, language=language, width=width)
    instruct = f"/tasks/instruct/task/{red.public_id}"
    for address in ("/tasks", "/tasks?state=supervised", instruct, f"/tasks/slips/{slip.public_id}", f"{here}/edit"):
        page.goto(address)
        check_page(page)
    page.goto(f"/tasks/{requested.public_id}")
    check_page(page)
    page = site.open(here, scene.university.section_head, language=language, width=width)
    for summary in page.locator("details.add-record > summary").all():
        summary.click()
    check_page(page)
