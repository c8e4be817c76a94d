"""Two signatories of two organisations sign digitally in their own windows; a stranger checks the file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pyhanko.pdf_utils.reader import PdfFileReader

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.core.dates import now
from registry.core.db import transaction
from registry.demo.people import PASSWORD, make_people
from registry.demo.states import Cast
from registry.documents.authority import make_development_authority
from registry.documents.places import places
from registry.documents.services import issue_where_missing
from registry.jobs.worker import start_worker
from registry.organisations.services.reference import load_reference

from .conftest import DESK, LANGUAGES, PHONE, Site, follow
from .test_journey import download, send, sign_in, until_there

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
STEP = timedelta(seconds=30)  # as long as a code of the second factor lasts


@dataclass
class Prepared:
    """The demonstration's people, and an agreement that waits for both signatures."""

    people: dict[str, User]
    agreement: Agreement

    @property
    def address(self) -> str:
        return f"/agreements/{self.agreement.public_id}"


@pytest.fixture
def prepared(app: Flask, fonts: Path) -> Iterator[Prepared]:
    with transaction():
        load_reference()
    people = make_people()
    make_development_authority(places().keys)
    with transaction():
        issue_where_missing()
    agreement = Cast(people).signing("鞍山市与西北工业大学校地合作框架协议（演示）")
    worker = start_worker(app)
    yield Prepared(people, agreement)
    assert worker.stop()


def enrol(page: Page) -> str:
    """Set up the second factor as a person does; returns the secret."""
    page.goto("/account/second-factor")
    secret = page.locator("main code").first.inner_text().replace(" ", "")
    page.fill("[name=otp_code]", pyotp.TOTP(secret).at(now()))
    page.fill("[name=current_password]", PASSWORD)
    follow(page.locator("[data-submit]"))
    expect(page.locator("main li").first).to_be_visible()
    return secret


def sign(page: Page, secret: str, title: str) -> None:
    """Look at the file and sign it, with the code after the present one: that is used up, and half a minute may end."""
    page.fill("[name=name]", "演示签字人")
    page.fill("[name=title]", title)
    page.check("[name=has_looked]")
    page.fill("[name=current_password]", PASSWORD)
    page.fill("[name=otp_code]", pyotp.TOTP(secret).at(now() + STEP))
    follow(page.locator("[data-submit]"))
    expect(page.locator(".note-ok")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sign_and_a_stranger_checks(
    site: Site, prepared: Prepared, check_page: Check, tmp_path: Path, language: str
) -> None:
    for account, title in (("anshan.signatory", "局长"), ("nwpu.signatory", "校长")):
        page = sign_in(site, account, language)
        page.goto(f"{prepared.address}/sign")
        check_page(page)
        secret = enrol(page)
        page.goto("/todo")
        follow(page.locator(f"a[href*='{prepared.agreement.public_id}']").first)
        check_page(page)
        follow(page.locator("a[href$='/sign']"))
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 844})
            check_page(page)
        sign(page, secret, title)
        check_page(page)
    keeper = sign_in(site, "anshan.seal_keeper", language)
    keeper.goto(prepared.address)
    send(keeper, "/complete-signing")
    until_there(keeper, "已签协议.pdf")
    check_page(keeper)
    signed = download(keeper, "已签协议.pdf")
    names = [one.field_name for one in PdfFileReader(BytesIO(signed)).embedded_signatures]
    assert names == ["Party-1", "Party-2", "RegistryClosing"]
    stranger = site.open(str(keeper.locator("a[href*='/v/']").first.get_attribute("href")), language=language)
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed)
    stranger.locator("[name=file]").set_input_files(file)
    follow(stranger.locator("main form button").last)
    expect(stranger.locator("main .note-ok")).to_be_visible()
    check_page(stranger)


def test_declining_and_asking_again(site: Site, prepared: Prepared, check_page: Check) -> None:
    page = sign_in(site, "nwpu.signatory", "zh")
    page.goto(prepared.address)
    send(page, "/decline", reason="条款待议")
    check_page(page)
    leader = sign_in(site, "anshan.leader", "zh")
    leader.goto(prepared.address)
    expect(leader.locator("main")).to_contain_text("条款待议")
    check_page(leader)
    send(leader, "/send-again")
    page.reload()
    expect(page.locator("a[href$='/sign']")).to_be_visible()
