"""The overview as leaders use it: narrow it, go down to the signed paper and back; the wall screen never scrolls."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.accounts.models import User
from registry.core.dates import today
from registry.dashboards.charts import store
from registry.documents import store as files
from tests.agreements import scene as papers_of
from tests.commitments.scene import promised
from tests.states import Begin
from tests.stories.test_load import with_stories

from .conftest import PHONE, VIEWS, Site, follow

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
HIGH_DEFINITION = {"width": 1920, "height": 1080}
OVERFLOWS = "[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]"
CUT_OFF = """[...document.querySelectorAll("#wall > *")].filter(one => one.scrollHeight > one.clientHeight + 1)
    .map(one => one.className)"""


@pytest.fixture(autouse=True)
def _shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_folder", lambda: tmp_path)


def test_from_a_tile_to_the_signed_paper_and_back(site: Site, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = count()
    monkeypatch.setattr(papers_of, "stored", lambda: files.save(b"%%PDF-1.7 %d" % next(papers), "application/pdf"))
    scene = promised().scene
    page = site.open("/overview", scene.bureau.leader)
    page.fill("[name=from]", f"{today().year}-01")
    follow(page.locator("main form button.btn-primary").first)
    expect(page.locator(".chip[aria-current]")).to_have_text("本年")
    page.select_option("[name=locality]", "210300")
    follow(page.locator("main form button.btn-primary").first)
    expect(page.locator(".overview-scope p")).to_contain_text("鞍山")
    filtered = page.url
    assert "locality=210300" in filtered

    follow(page.locator("[data-code='210300'] a"))
    follow(page.locator("tbody th a").first)
    paper = page.locator("main a[href*='/files/'], main a[href*='/documents/']").first
    answer = page.request.get(paper.get_attribute("href") or "")  # the third click
    assert answer.body().startswith(b"%PDF")
    page.go_back()
    page.go_back()
    assert page.url == filtered
    expect(page.locator("[name=locality]")).to_have_value("210300")
    expect(page.locator(".overview-scope p")).to_contain_text("鞍山")


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_are_sound(site: Site, begin_with: Begin, check_page: Check, language: str, width: int) -> None:
    people: dict[str, User] = begin_with(with_stories)
    page = site.open("/overview", people["liaoning.viewer"], language=language, width=width)
    check_page(page)
    page.locator(".about-figure summary").nth(1).click()
    check_page(page)
    page.goto("/overview?from=2023-02&to=2023-02&order=rate")
    page.locator(".more-figures summary").click()
    check_page(page)
    for theme in ("dark", "light"):
        page.goto(f"/overview/wall?theme={theme}")
        check_page(page)
    if width == PHONE:
        return
    page.set_viewport_size(HIGH_DEFINITION)  # type: ignore[arg-type]  # a dict of the right shape
    assert page.evaluate(OVERFLOWS) == [0, 0]
    assert page.evaluate(CUT_OFF) == []


def test_the_wall_looks_again_by_itself(site: Site, begin_with: Begin) -> None:
    people: dict[str, User] = begin_with(with_stories)
    page = site.open("", people["liaoning.viewer"])
    page.clock.install()
    page.goto("/overview/wall")
    page.evaluate("document.querySelector('#wall').dataset.seen = 'before'")
    with page.expect_request(lambda request: "x-refresh" in request.headers):
        page.clock.fast_forward(61_000)
    expect(page.locator("#wall:not([data-seen])")).to_be_visible()
