"""A university's week: a visit planned at the desk and logged on a phone, what was found, what came of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.core.dates import today
from registry.core.db import transaction
from registry.docking.enums import Stage
from registry.docking.models import DockingCase
from registry.organisations.models import OrganisationKind
from registry.visits.enums import VisitKind
from tests.agreements.scene import Scene, make_scene
from tests.docking.pipeline import CODE, Pipeline
from tests.documents.attached import photo
from tests.factories import make_organisation

from .conftest import DESK, PHONE, Site, follow
from .test_journey import form, send

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
PROBLEM = "实习学生住宿未落实"


@pytest.fixture
def scene(app: Flask) -> Scene:
    """The two sides have an agreement in force."""
    with transaction():
        made = make_scene()
        made.in_force()
    return made


@pytest.fixture
def case(scene: Scene) -> DockingCase:
    """An enterprise of the city has made twelve offers to the university's graduates."""
    bureau, school = scene.bureau, scene.university
    with transaction():
        enterprise = make_organisation("测试制造有限公司", OrganisationKind.ENTERPRISE, uscc=CODE)
        sides = (bureau.organisation, school.organisation, enterprise)
        line = Pipeline(*sides, bureau.handler, bureau.section_head, school.handler, school.handler)
        return line.at(Stage.OFFER)


def test_a_week_of_the_employment_office(
    site: Site, scene: Scene, case: DockingCase, check_page: Check, tmp_path: Path
) -> None:
    visit = _plan(site, scene, check_page)
    _log_on_the_phone(site, scene, visit, check_page, tmp_path)
    _assign(site, scene, visit)
    _close(site, scene, check_page)
    _sign(site, scene, case)
    _look_back(site, scene, check_page)


def _plan(site: Site, scene: Scene, check_page: Check) -> str:
    """At the desk; returns the address of the visit."""
    page = site.open("/visits/new", scene.university.handler)
    page.locator("[name=kind]").select_option(VisitKind.RECIPROCAL)
    page.fill("[name=day]", f"{today()}")
    page.check("[name=took_place][value=no]")
    page.get_by_role("combobox", name="走访单位", exact=True).fill("鞍山")
    page.get_by_role("option", name=scene.bureau.organisation.name_zh).click()
    check_page(page)
    page.locator("main [data-submit]").click()
    page.wait_for_url("**/visits/0*")
    check_page(page)
    return page.url.removeprefix(site.url)


def _log_on_the_phone(site: Site, scene: Scene, visit: str, check_page: Check, folder: Path) -> None:
    """What was found and two photos."""
    page = site.open(visit, scene.university.handler, width=PHONE)
    page.locator(f"a[href='{visit}/record']").click()
    page.fill("[name=findings]", "企业愿意接收二十名实习学生")
    page.fill("[name=problems]", PROBLEM)
    check_page(page)
    follow(page.locator("main [data-submit]"))
    expect(page.locator("#findings")).to_contain_text(PROBLEM)
    photos = [folder / name for name in ("座谈.jpg", "车间.png")]
    for file, kind in zip(photos, ("JPEG", "PNG"), strict=True):
        file.write_bytes(photo(kind))
    page.locator("[data-attach] input[type=file]").set_input_files(photos)
    page.locator("[data-attach] button").click()
    expect(page.locator("[data-attached-count]")).to_have_text("2")
    check_page(page)


def _assign(site: Site, scene: Scene, visit: str) -> None:
    """The finding becomes a task of the bureau within five working days."""
    page = site.open(visit, scene.university.handler)
    page.locator("#findings summary").first.click()
    asked = page.locator("form[action$='/task']")
    asked.get_by_role("combobox").fill("鞍山")
    page.get_by_role("option", name=scene.bureau.organisation.name_zh).click()
    asked.locator("[name=days]").fill("5")
    asked.locator("[data-submit]").click()
    expect(page.locator("#tasks")).to_contain_text(PROBLEM)


def _close(site: Site, scene: Scene, check_page: Check) -> None:
    """The bureau finds it in its to-do list and asks to strike it off; the university looks and does."""
    bureau = site.open("/todo", scene.bureau.handler)
    bureau.locator("main a", has_text=PROBLEM).click()
    send(bureau, "/request-close", evidence="已安排人才公寓二十间")
    check_page(bureau)
    school = site.open("/todo", scene.university.section_head, width=PHONE)
    school.locator("main a", has_text=PROBLEM).click()
    closing = form(school, "/close")
    check_page(school)
    closing.locator("[name=note]").fill("已实地核对")
    closing.locator("button").last.click()
    expect(school.locator("main")).to_contain_text("核验人")


def _sign(site: Site, scene: Scene, case: DockingCase) -> None:
    """Ten of the twelve sign."""
    page = site.open(f"/docking/{case.public_id}?to={Stage.SIGNED}", scene.bureau.handler)
    send(page, "/advance", signed="10")


def _look_back(site: Site, scene: Scene, check_page: Check) -> None:
    """The relationship tells all of it, the newest first; the agreement how many people it led to."""
    page = site.open("/relationships", scene.university.handler)
    follow(page.locator("main tbody a").first)
    told = page.locator("#timeline .who").all_inner_texts()
    assert [one.removeprefix("· ") for one in told][:4] == ["任务销号", "任务交办", "签约", "走访"]
    assert told[-1] == "· 企业对接意向登记"
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 844})
        check_page(page)
