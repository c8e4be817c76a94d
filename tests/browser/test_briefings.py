"""A briefing in a real browser: sound pages in both languages and widths, from the draft to a leader's instruction."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.accounts.models import User
from registry.core.db import transaction
from registry.dashboards.services import briefings
from tests.states import Begin
from tests.stories.test_load import with_stories

from .conftest import DESK, PHONE, Site

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
MARCH = "/briefings/2023-03"


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


def test_from_the_draft_to_an_instruction(people: dict[str, User], site: Site, check_page: Check) -> None:
    with transaction():
        briefings.draw_up(people["liaoning.handler"].organisation, 202303, people["liaoning.handler"])
    for language, width in (("zh", PHONE), ("en", DESK)):
        page = site.open("/briefings", people["liaoning.handler"], language=language, width=width)
        check_page(page)
        for place in (MARCH, f"{MARCH}/edit", "/briefings/template"):
            page.goto(place)
            check_page(page)
    leader = site.open(MARCH, people["liaoning.leader"])
    leader.locator("summary", has_text="签发").click()
    leader.locator("form[action$='/issue'] button").click()
    expect(leader.locator(".status-ok").first).to_have_text("已签发")
    leader.locator("li", has_text="本期新签").locator("a.instruct").click()
    leader.fill("[name=goal]", "请补齐高校一方。")
    leader.locator("main form button[data-submit]").last.click()
    leader.wait_for_url(re.compile(r"/tasks/\w+$"))
    leader.goto(MARCH)
    expect(leader.locator("li", has_text="本期新签").first).to_contain_text("落实关于")
    check_page(leader)
