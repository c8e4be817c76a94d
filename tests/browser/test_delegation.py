"""Absence and delegation in a browser: every page in both languages and sizes, and the whole way without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from registry.accounts.inputs import Handover
from registry.accounts.models import User
from registry.accounts.services import delegations
from registry.agreements.models import Clearance
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_user

from .conftest import VIEWS, Site

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
OWN = "/account/absences"


@pytest.fixture
def scene(app: Flask) -> Scene:
    """One agreement in review, its first step late."""
    with transaction():
        made = make_scene()
        agreement = made.review()
        late = select(Clearance).where(Clearance.agreement_id == agreement.id, Clearance.position == 1)
        db.session.scalars(late).one().due_on = today() - timedelta(days=7)
        return made


@pytest.fixture
def viewer(scene: Scene) -> User:
    """A colleague of the section head."""
    with transaction():
        return make_user(Role.VIEWER, organisation=scene.bureau.organisation, name="演示·乙")


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_the_pages_are_sound(
    site: Site, scene: Scene, viewer: User, check_page: Check, language: str, width: int
) -> None:
    head = scene.bureau.section_head
    page = site.open(OWN, head, language=language, width=width)
    check_page(page)
    with transaction():
        until = today() + timedelta(days=5)
        given = Handover(Role.SECTION_HEAD, viewer.public_id, today(), until, "出差", is_away=True)
        delegations.hand_over(head, given)
    for address in (OWN, f"{OWN}/hand-over", f"{OWN}/tell", f"{OWN}/organisation", "/account"):
        page.goto(address)
        check_page(page)
    check_page(site.open("/todo", viewer, language=language, width=width))
    check_page(site.open("/todo", scene.bureau.leader, language=language, width=width))


def test_from_handing_over_to_the_judged_step_without_scripts(site: Site, scene: Scene, viewer: User) -> None:
    page = site.open(f"{OWN}/hand-over", scene.bureau.section_head, language="en", scripts=False)
    page.get_by_label("Stand-in").select_option(label="演示·乙")
    page.get_by_label("First day").fill(str(today()))
    page.get_by_label("Last day").fill(str(today() + timedelta(days=3)))
    page.get_by_label("Reason").fill("business trip")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("row", name="演示·乙")).to_contain_text("Now")
    page = site.open("/todo", viewer, language="en", scripts=False)
    expect(page.locator("main table")).to_contain_text(f"for {scene.bureau.section_head.name}")
    page.locator("main table a").first.click()
    expect(page.locator("main")).to_contain_text(f"You act for {scene.bureau.section_head.name}")
    page.locator("summary", has_text="Pass").click()
    page.locator("form[action$='/clear'] button").click()
    both = f"演示·乙 for {scene.bureau.section_head.name}"
    expect(page.get_by_role("row", name="Section review")).to_contain_text(both)
