"""The main job from end to end: a clerk's draft, both sides' people in their own windows, a stranger's check."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from pyhanko.pdf_utils.reader import PdfFileReader

from registry.core.dates import today
from registry.core.db import transaction
from registry.demo.people import PASSWORD, make_people
from registry.documents.authority import make_development_authority
from registry.jobs.worker import start_worker
from registry.organisations.services.reference import load_reference

from .conftest import LANGUAGES, PATIENCE, Site, follow

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
WAIT = 60_000


@pytest.fixture
def worker(app: Flask, fonts: Path) -> Iterator[None]:
    """Reference data, demonstration people, development keys, and the worker that makes the papers."""
    keys = app.extensions["settings"].instance / "keys"
    if not (keys / "registry.key").exists():
        make_development_authority(keys)
    with transaction():
        load_reference()
    make_people()
    running = start_worker(app)
    yield
    assert running.stop()


def sign_in(site: Site, account: str, language: str) -> Page:
    """A window of this person's own, signed in by the form."""
    page = site.open("/sign-in", language=language)
    page.fill("[name=account]", account)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda address: "/sign-in" not in address)  # leaders begin with the overview
    return page


def form(page: Page, ending: str) -> Locator:
    """The form that posts to an address with this ending, opened where it is folded."""
    found = page.locator(f"form[action$='{ending}']").first
    found.wait_for(state="attached")  # a click returns before the next page is there, and counting does not wait
    folded = page.locator("details", has=page.locator(f"form[action$='{ending}']")).first
    if folded.count() and folded.get_attribute("open") is None:
        folded.locator("summary").first.click()
    return found


def send(page: Page, ending: str, **fields: str) -> None:
    """Fill in and send; the page comes back without a complaint."""
    sent = form(page, ending)
    for name, value in fields.items():
        field = sent.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            sent.locator(f"[name={name}][value={value}]").check()
        else:
            field.fill(value)
    follow(sent.locator("button").last)
    expect(page.locator(".note-ok")).to_be_visible()


def until_there(page: Page, name: str) -> None:
    """Reload until the worker has made a paper."""
    link = page.locator("a", has_text=name)
    for _attempt in range(PATIENCE // 500):
        if link.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{name} was never made")


def download(page: Page, name: str) -> bytes:
    """The bytes of a paper."""
    with page.expect_download() as caught:
        page.locator("a", has_text=name).first.click()
    return Path(caught.value.path()).read_bytes()


def draft(page: Page) -> str:
    """The clerk enters the framework agreement; returns its address."""
    page.goto("/agreements/new/framework")
    page.locator("#f-parties-1-organisation").fill("xbgydx")
    page.get_by_role("option", name=re.compile("西北工业大学|Northwestern Polytechnical")).first.click()
    page.fill("#f-variables-purpose_context", "更好服务鞍山产业发展和毕业生就业")
    page.fill("#f-signing_place", "鞍山市")
    page.locator("[data-submit]").click()
    page.wait_for_url("**/agreements/0*")
    return page.url


def sign_for(page: Page, scan: Path) -> None:
    """The seal keeper notes signature and seal, and uploads the scanned paper."""
    day = today().isoformat()
    send(page, "/signature", name="演示签字人", signed_on=day, sealed_on=day, copies="2")
    upload = form(page, "/files")
    upload.locator("[name=kind][value=party_scan]").check()
    upload.locator("[name=file]").set_input_files(scan)
    follow(upload.locator("button").last)
    expect(page.locator(".note-ok")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_draft_to_a_strangers_check(
    site: Site, worker: None, check_page: Check, tmp_path: Path, language: str
) -> None:
    clerk = sign_in(site, "anshan.handler", language)
    address = draft(clerk)
    check_page(clerk)
    send(clerk, "/submit")

    def act(account: str, ending: str, **fields: str) -> Page:
        page = sign_in(site, account, language)
        page.goto(address)
        send(page, ending, **fields)
        return page

    act("anshan.section_head", "/clear", opinion="同意")
    act("anshan.legal_officer", "/clear", opinion="合法", legal_result="legal")
    leader = act("anshan.leader", "/clear", opinion="同意", minutes_number="演示纪要1号")
    act("nwpu.section_head", "/clear", opinion="同意")
    check_page(act("nwpu.leader", "/clear", opinion="同意"))
    leader.reload()
    send(leader, "/start-signing")
    until_there(leader, "签署稿.pdf")
    copy = download(leader, "签署稿.pdf")
    check_grid(copy)

    scan = tmp_path / "scan.jpg"
    scan.write_bytes(photograph(copy))
    for account in ("anshan.seal_keeper", "nwpu.seal_keeper"):
        page = sign_in(site, account, language)
        page.goto(address)
        sign_for(page, scan)
    keeper = sign_in(site, "anshan.seal_keeper", language)
    keeper.goto(address)
    check_page(keeper)
    send(keeper, "/complete-signing")
    until_there(keeper, "登记副本.pdf")
    check_page(keeper)
    registered = download(keeper, "登记副本.pdf")
    check_signature(registered)
    check_as_stranger(site, check_page, keeper, registered, tmp_path, language)


def check_grid(copy: bytes) -> None:
    """22 lines a page, 28 characters a line (GB/T 9704-2012); tests/documents measures them to the millimetre."""
    with pdfplumber.open(BytesIO(copy)) as pdf:
        pages = [page.filter(_is_body).extract_text_lines() for page in pdf.pages]
    assert max(len(line["text"].replace(" ", "")) for lines in pages for line in lines) == 28
    assert max(map(len, pages)) <= 22


def _is_body(thing: dict[str, Any]) -> bool:
    """Characters of the text's own size, 16 points."""
    return bool(thing["object_type"] == "char" and abs(thing["size"] - 16) < 0.1)


def photograph(copy: bytes) -> bytes:
    """A picture of the first page, as a scanner gives it."""
    with pdfplumber.open(BytesIO(copy)) as pdf, BytesIO() as out:
        pdf.pages[0].to_image(resolution=100).original.convert("RGB").save(out, "JPEG")
        return out.getvalue()


def check_signature(registered: bytes) -> None:
    """The registry's own signature covers the whole file, says pyHanko."""
    signatures = PdfFileReader(BytesIO(registered)).embedded_signatures
    assert len(signatures) == 1
    signatures[0].compute_integrity_info()
    assert signatures[0].evaluate_signature_coverage().name == "ENTIRE_FILE"
    assert signatures[0].compute_digest()


def check_as_stranger(
    site: Site, check_page: Check, keeper: Page, registered: bytes, tmp_path: Path, language: str
) -> None:
    """Somebody without an account follows the code, and drops the file and an altered one."""
    link = keeper.locator("a[href*='/v/']").get_attribute("href")
    stranger = site.open(str(link), language=language)
    expect(stranger.locator("main")).to_contain_text("西北工业大学")
    check_page(stranger)
    genuine, altered = tmp_path / "genuine.pdf", tmp_path / "altered.pdf"
    genuine.write_bytes(registered)
    altered.write_bytes(registered[:-200] + bytes([registered[-200] ^ 1]) + registered[-199:])
    for file, tone in ((genuine, "ok"), (altered, "bad")):
        stranger.locator("[name=file]").set_input_files(file)
        follow(stranger.locator("main form button").last)
        expect(stranger.locator(f"main .note-{tone}")).to_be_visible()
        check_page(stranger)
