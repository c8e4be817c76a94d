"""The public pages for checking a paper, with each kind of verdict, in a real browser."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry.core.db import transaction
from registry.core.web import throttle
from tests.agreements.scene import make_scene
from tests.agreements.signed import SignedAgreement, keys, render, sign_all
from tests.documents.signed import issue, sign
from tests.documents.tampering import replace_content, swap_record
from tests.states import Begin

from .conftest import VIEWS, Site, follow

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]


def signed_by_both() -> SignedAgreement:
    """Signed by both and closed."""
    keys()
    with transaction():
        scene = make_scene()
        agreement = scene.signing()
    return sign_all(scene, agreement, render(agreement))


@pytest.fixture
def signed(begin_with: Begin, fonts: Path) -> SignedAgreement:
    """Signed by both and closed."""
    throttle.forget()
    return begin_with(signed_by_both)


def files_of(signed: SignedAgreement) -> dict[str, bytes]:
    """A file for each kind of verdict."""
    stranger = sign(signed.both, "Witness", issue(keys(), "某单位", "某单位测试人"))
    forged = swap_record(signed.closed, b'{"forged": 1}')
    return {
        "valid": signed.closed,
        "open": signed.half,
        "undecided": stranger,
        "altered": replace_content(signed.closed),
        "forged": forged,
        "foreign": b"%PDF-1.7 foreign",
    }


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_every_verdict_is_sound(
    site: Site, signed: SignedAgreement, check_page: Check, language: str, width: int
) -> None:
    page = site.open("/verify", language=language, width=width)
    check_page(page)
    for name, data in files_of(signed).items():
        page.set_input_files("#f-file", {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": data})
        follow(page.locator("form[enctype] button").last)
        page.wait_for_selector("#verdict")
        check_page(page)
        _keep(page, f"verify-{name}-{language}-{width}")
    code = signed.agreement.verification_code
    for name, address in (("code", f"/v/{code}?r=1&p=3"), ("old", f"/v/{code}?r=9&p=1"), ("unknown", "/v/00")):
        page.goto(address)
        check_page(page)
        _keep(page, f"v-{name}-{language}-{width}")


def _keep(page: Page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_typed_code_without_scripts(site: Site, signed: SignedAgreement) -> None:
    page = site.open("/verify", scripts=False)
    code = (signed.agreement.verification_code or "").upper()
    page.fill("#f-code", " ".join(code[place : place + 4] for place in range(0, 32, 4)))
    follow(page.locator("form.plain[method=get] button").last)
    assert signed.agreement.public_id in page.content()


def test_the_sign_in_page_leads_here(site: Site) -> None:
    page = site.open("/sign-in")
    page.locator("a[href='/verify']").click()
    expect(page).to_have_url(f"{site.url}/verify")
