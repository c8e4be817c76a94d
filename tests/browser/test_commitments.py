"""Both sides of one promise in two windows, and its pages in both languages and sizes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from registry.commitments.services import reporting, verifying
from registry.core.dates import Precision, today
from registry.core.db import transaction
from tests.activities.fairs import make_activity
from tests.attachments.files import picture
from tests.commitments.scene import FAIRS, promised

from .conftest import DESK, PHONE, Site, follow

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


def test_a_university_reports_and_the_bureau_verifies(
    site: Site, app: Flask, check_page: Check, tmp_path: Path
) -> None:
    one = promised()
    with transaction():
        make_activity(one.scene, held_on=today(), held_precision=Precision.DAY, title_zh="秋季专场招聘会")
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(picture())

    ours = site.open("/commitments", one.scene.university.handler)
    row = ours.locator("tr", has_text=FAIRS)
    follow(row.first.locator(".row-actions a"))
    ours.fill("[name=figure]", "1")
    ours.get_by_label("秋季专场招聘会").check()
    ours.set_input_files("[name=attachments]", str(photo))
    check_page(ours)
    follow(ours.locator("main [data-submit]"))
    expect(ours.locator("#period-1 .promise-figures")).to_contain_text("50 %")
    expect(ours.locator("#attachments")).to_contain_text("现场.jpg")
    expect(ours.locator("#period-1 .evidence")).to_contain_text("秋季专场招聘会")

    theirs = site.open("/commitments?side=beneficiary&show=waits", one.scene.bureau.handler)
    theirs.locator("tr", has_text=FAIRS).locator("button[name=one]").click()
    expect(theirs.locator(".note-ok")).to_contain_text("1")

    ours.reload()
    follow(ours.locator("#period-1 .period-acts a", has_text="填报数值"))
    ours.fill("[name=figure]", "2")
    ours.fill("[name=note]", "春季专场已举办")
    follow(ours.locator("main [data-submit]"))
    follow(ours.locator("#period-1 .period-acts a", has_text="申请销号"))
    ours.fill("[name=note]", "两场均已举办")
    follow(ours.locator("main [data-submit]"))
    expect(ours.locator("#period-1")).to_contain_text("待核验")

    theirs.goto("/todo")
    theirs.get_by_role("link", name=FAIRS).click()
    follow(theirs.locator("#period-1 .period-acts a", has_text="核验销号"))
    check_page(theirs)
    follow(theirs.locator("main [data-submit]"))
    expect(theirs.locator("#period-1 .light")).to_have_text("已销号")

    ours.goto("/commitments?show=settled")
    expect(ours.locator(".promise-figure").first).to_contain_text("100 %")


@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", DESK)])
def test_pages_are_sound(site: Site, app: Flask, check_page: Check, language: str, width: int) -> None:
    one = promised()
    period, late = one.period("T9"), one.period("T1")
    with transaction():
        one.late("T1")
        reporting.report(one.period(), 1, "照片", [], one.scene.university.handler)
        reporting.report(period, 1, "回访记录", [], one.scene.university.handler)
        verifying.dispute(period, 0, "未见记录", one.scene.bureau.handler)
    page = site.open("/commitments?side=beneficiary", one.scene.bureau.handler, language=language, width=width)
    for address in (
        "/commitments?side=beneficiary",
        "/commitments/organisations",
        f"/commitments/{period.commitment.public_id}",
        f"/commitments/{period.commitment.public_id}/describe",
        f"/commitments/periods/{late.public_id}/report",
        f"/agreements/{one.agreement.public_id}",
        f"/agreements/{one.agreement.public_id}/commitments/new",
        "/todo",
    ):
        page.goto(address)
        check_page(page)
