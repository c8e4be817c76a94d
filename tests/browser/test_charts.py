"""Charts: an image at first, then a picture with links; with the keyboard, on a phone, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESK, VIEWS, Site

pytestmark = pytest.mark.browser
PAGE = "/styleguide/charts"


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_marks_are_links(site: Site, check_page: Callable[[Page], None], language: str, width: int) -> None:
    page = site.open(PAGE, language=language, width=width)
    trend = page.locator("figure.chart").first
    links = trend.locator(".chart-box:visible .chart-links a")
    expect(links).to_have_count(12 + 11)  # in a month nobody has reported visits for there is no point
    expect(page.locator(".chart-box:visible img")).to_have_count(0)
    trend.locator("summary").click()
    check_page(page)
    links.nth(8).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/styleguide?month=26-08")


def test_without_scripts_picture_and_table_have_their_links(site: Site) -> None:
    site.open(PAGE, language="en").wait_for_load_state("networkidle")  # drawn
    page = site.open(PAGE, language="en", width=DESK, scripts=False)
    expect(page.locator(".chart-box:visible .chart-links a").first).to_be_attached()
    page.locator("figure.chart summary").first.click()
    expect(page.locator("figure.chart td a").first).to_be_visible()
