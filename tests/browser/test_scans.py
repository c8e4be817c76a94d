"""Uploading a scan with the mouse: one panel for all parties, what was read told in words."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from registry.core.db import transaction
from tests.agreements.scene import make_scene
from tests.agreements.test_incoming import make_signing_copy, signing_with_absent
from tests.documents import paper

from .conftest import DESK, PHONE, Site
from .test_journey import Check


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("zh", DESK), ("en", PHONE)])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_scan_of_both_parties(
    site: Site, check_page: Check, tmp_path: Path, fonts: Path, language: str, width: int, scripts: bool
) -> None:
    with transaction():
        scene = make_scene()
        agreement = signing_with_absent(scene)
    pages = paper.printed(make_signing_copy(agreement))
    (tmp_path / "scan.pdf").write_bytes(paper.as_pdf([paper.turned(page, 180) for page in reversed(pages)]))
    address = f"/agreements/{agreement.public_id}"
    page = site.open(address, scene.bureau.seal_keeper, language=language, width=width, scripts=scripts)
    panel = page.locator("details", has=page.locator(f"form[action='{address}/files']"))
    panel.locator("summary").click()
    for label in panel.locator("label.tick", has=page.locator("[name=parties]")).all():
        label.click()
    panel.locator("[name=kind][value=party_scan]").check()
    panel.locator("[name=file]").set_input_files(tmp_path / "scan.pdf")
    if scripts:
        check_page(page)
    panel.locator("button").last.click()
    expect(page.locator(".note-ok")).to_be_visible()
    told = page.locator(".files li", has_text="scan.pdf")
    expect(told).to_have_count(2)
    expect(told.first).to_contain_text(f"1–{len(pages)}")
    if scripts:
        check_page(page)
