"""The pages of organisations and regions in a real browser, in both languages, on a desk and on a phone."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.mechanisms import services as mechanisms
from registry.mechanisms.inputs import MechanismDetails, SideLine
from registry.organisations.inputs import ContactDetails, Renaming
from registry.organisations.models import Organisation, OrganisationKind
from registry.organisations.services.contacts import add_contact
from registry.organisations.services.organisations import rename
from registry.organisations.services.oversight import rebuild_oversight
from registry.organisations.services.reference import load_reference
from tests.factories import make_organisation, make_user

from .conftest import VIEWS, Site, follow
from .test_journey import send

pytestmark = pytest.mark.browser


@dataclass
class Staff:
    """People who look at them."""

    anshan: User
    province: User
    partner: Organisation
    school: Organisation
    other: Organisation


def organisation(name: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.name_zh == name)).one()


@pytest.fixture
def staff(app: Flask) -> Staff:
    """The reference data, a contact at a partner, and a university that was renamed."""
    with transaction():
        load_reference()
        bureau, province = organisation("鞍山市人力资源和社会保障局"), organisation("辽宁省人力资源和社会保障厅")
        partner, school = organisation("西北工业大学"), organisation("鞍山师范学院")
        anshan = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=bureau, name="演示甲")
        above = make_user(Role.HANDLER, Role.SECTION_HEAD, organisation=province, name="演示乙")
        contact = ContactDetails("演示丙", "就业科科长", "就业指导中心", "029-80000000", "专场招聘会联络")
        add_contact(anshan, partner, contact)
        rename(above, school, Renaming("鞍山师范大学", "Anshan Normal University", None, False), school.row_version)
        return Staff(anshan, above, partner, school, organisation("鞍山职业技术学院"))


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_every_page_is_sound(
    site: Site, staff: Staff, check_page: Callable[[Page], None], language: str, width: int
) -> None:
    school, partner = (f"/organisations/{one.public_id}" for one in (staff.school, staff.partner))
    pages = ["/organisations", "/universities?q=dalian", "/regions", "/regions/210200", "/organisations/pick?q=xbgydx"]
    pages += ["/organisations?q=nothing-like-it", "/organisations/new", school, f"{school}/edit", f"{school}/rename"]
    pages += [f"{school}/merge", f"{school}/merge?target={staff.other.public_id}", f"{school}/close"]
    pages += [f"{school}/names/new", f"{partner}/contacts/new"]
    pages += ["/workdays?year=2026", "/workdays?year=2150", "/workdays/2026/edit"]
    page = site.open(user=staff.province, language=language, width=width)
    for path in pages:
        page.goto(path)
        check_page(page)
    page = site.open(partner, staff.anshan, language=language, width=width)
    check_page(page)


def test_similar_names_are_compared_before_a_second_is_added_without_a_script(site: Site, staff: Staff) -> None:
    page = site.open("/organisations/new", staff.anshan, scripts=False)
    page.locator("#f-name_zh").fill("西北工程大学")
    page.locator("#f-kind").select_option("university")
    page.locator("#f-region_code").select_option("610100")
    page.locator("button[data-submit]").click()
    expect(page.get_by_role("row", name=re.compile("4161010699"))).to_be_visible()
    page.locator("#f-is_distinct").check()
    page.locator("button[data-submit]").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("西北工程大学")


def test_a_merge_takes_a_mechanism_along_and_is_taken_back(
    site: Site, staff: Staff, check_page: Callable[[Page], None]
) -> None:
    with transaction():
        above = staff.province.organisation_id
        kind, place = OrganisationKind.UNIVERSITY, staff.other.region
        twice = make_organisation("鞍山职业技术学院（重复）", kind, place, superior_id=above)
        rebuild_oversight()
        sides = tuple(SideLine(one.public_id) for one in (staff.anshan.organisation, twice))
        mechanisms.enter(MechanismDetails("演示对接机制", sides), staff.anshan)
    here, there = (f"/organisations/{one.public_id}" for one in (twice, staff.other))
    page = site.open(f"{here}/merge?target={staff.other.public_id}", staff.province)
    expect(page.locator("main")).to_contain_text("对接机制")
    check_page(page)
    page.fill("[name=reason]", "重复录入")
    follow(page.locator("main form button").last)
    expect(page.locator("main")).to_contain_text(staff.other.name_zh)
    page.goto("/mechanisms")
    page.locator("main tbody a").first.click()
    expect(page.locator(f"main a[href='{there}']").first).to_be_visible()
    page.goto(here)
    send(page, "/part", reason="并非同一单位")
    page.goto("/mechanisms")
    page.locator("main tbody a").first.click()
    expect(page.locator(f"main a[href='{here}']").first).to_be_visible()


def test_a_number_is_revealed_with_a_reason(site: Site, staff: Staff, check_page: Callable[[Page], None]) -> None:
    page = site.open(f"/organisations/{staff.partner.public_id}", staff.anshan)
    expect(page.locator("#contacts")).to_contain_text("029-****0000")
    form = page.locator("#contacts details").first
    form.locator("summary").click()
    form.locator("textarea").fill("联系招聘会安排")
    form.locator("button").click()
    expect(page.locator("main")).to_contain_text("029-80000000")
    check_page(page)
    page.goto(f"/organisations/{staff.partner.public_id}")
    expect(page.locator("main")).not_to_contain_text("029-80000000")


def test_the_list_is_searched_by_initials(site: Site, staff: Staff) -> None:
    page = site.open("/universities", staff.anshan)
    page.locator("#f-q").fill("xbgydx")
    page.locator("#f-q").press("Enter")
    expect(page.get_by_role("row", name=re.compile("4161010699"))).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_year_is_recorded_after_a_preview_without_a_script(site: Site, staff: Staff) -> None:
    page = site.open("/workdays/2150/edit", staff.province, scripts=False)
    page.locator("#f-source").fill("测试发明电〔2149〕1号")
    page.locator("#f-lines").fill("2150-01-01 放假 元旦\n2150-01-03 上班 元旦")
    page.locator("button[data-submit]").click()
    expect(page.get_by_role("row", name=re.compile("2150-01-01.*放假 元旦"))).to_be_visible()
    page.locator("button[data-submit]").click()
    expect(page.get_by_text("测试发明电〔2149〕1号").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"/workdays\?year=2150$"))
