"""A messy ledger in a real browser: dropped, decided, entered, taken back; sound pages at the desk and on a phone."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.agreements.scene import Side
from tests.ledgers.sheets import AGREEMENTS, work
from tests.ledgers.test_import import build

from .conftest import DESK, DROP, PHONE, Site

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


def test_a_messy_ledger_from_drop_to_undo(app: Flask, site: Site, check_page: Check) -> None:
    bureau: Side = build()[0]
    page = site.open("/ledgers", bureau.handler, language="en", width=DESK)
    check_page(page)
    page.locator("a[href='/ledgers/agreement/import']").click()
    check_page(page)
    dropped = [[AGREEMENTS.name, b64encode(AGREEMENTS.read_bytes()).decode()]]
    page.locator("form:has([data-drop])").evaluate(DROP, dropped)
    page.get_by_role("button", name="Check the file").click()
    page.wait_for_url("**/ledgers/imports/*")
    work()
    expect(page.get_by_role("button", name="Enter the new rows (2)")).to_be_visible()  # the page looks again by itself
    check_page(page)
    here = page.url
    page.get_by_label("鞍山师院").select_option(label="鞍山师范学院")
    page.get_by_role("button", name="Save and check anew").click()
    expect(page.locator("[data-at-work]")).to_be_visible()
    work()
    page.get_by_role("button", name="Enter the new rows (3)").click()
    expect(page.locator("[data-at-work]")).to_be_visible()
    work()
    expect(page.get_by_role("button", name="Take everything back")).to_be_visible()
    phone = site.open(here, bureau.handler, language="zh", width=PHONE)
    check_page(phone)
    page.get_by_role("button", name="Take everything back").click()
    expect(page.get_by_text("Everything that this import entered is taken back")).to_be_visible()
    page.goto("/agreements")
    expect(page.get_by_text("鞍校地协〔2023〕1号")).to_have_count(0)
