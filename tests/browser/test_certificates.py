"""The pages of certificates in a real browser: looked at in both languages and widths, and worked with."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from playwright.sync_api import Page

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import transaction
from registry.documents import services
from registry.documents.authority import make_development_authority
from registry.documents.models import SigningCertificate
from registry.documents.places import places
from tests.browser.conftest import VIEWS, Site, follow
from tests.documents.certificates import PASSPHRASE, bundle_of, certify
from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.browser
NAMES = (
    "沈阳测试大学",
    "大连测试市人力资源和社会保障局",
    "鞍山测试学院",
    "抚顺测试职业技术学院",
    "丹东测试学校",
)
Check = Callable[[Page], None]


@pytest.fixture
def keys(own_instance: Path) -> Path:
    """A development authority of this test's own."""
    folder = places().keys
    make_development_authority(folder)
    return folder


@pytest.fixture
def admin(app: Flask) -> User:
    """A system administrator."""
    with transaction():
        return make_user(Role.SYSTEM_ADMIN)


@pytest.fixture
def rows(keys: Path, admin: User) -> list[SigningCertificate]:
    """A certificate in each state."""
    with transaction():
        made = [services.issue(admin, make_organisation(name)) for name in NAMES]
        services.revoke(admin, made[1], "单位合并，原证书停用")
        made[2].not_after = now() + timedelta(days=20)
        made[3].not_after = now() - timedelta(days=3)
        made[4].not_before = now() + timedelta(days=3)
    return made


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_every_page(
    site: Site, check_page: Check, admin: User, rows: list[SigningCertificate], language: str, width: int
) -> None:
    page = site.open(user=admin, language=language, width=width)
    shown = [f"/certificates/{row.public_id}" for row in rows[:2]]
    forms = ["/certificates/issue", "/certificates/import", "/certificates/token"]
    for address in ("/", "/certificates", "/certificates?state=expired", "/certificates?text=nothing", *shown, *forms):
        page.goto(address)
        check_page(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_imported_tried_and_revoked(
    site: Site, admin: User, keys: Path, tmp_path: Path, scripts: bool
) -> None:
    with transaction():
        make_organisation("沈阳测试大学")
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "sign.p12").write_bytes(bundle_of(key, certify(keys, key)))
    page = site.open("/certificates/import", admin, language="en", scripts=scripts)
    page.select_option("select[name=organisation]", label="沈阳测试大学", force=True)
    page.set_input_files("[name=file]", tmp_path / "sign.p12")
    page.fill("[name=passphrase]", PASSPHRASE)
    send(page, "main [data-submit]")
    send(page, "form[action$='/try'] button")
    assert "The key signs" in page.locator(".note-ok").inner_text()
    page.locator("details:has(form[action$='/revoke']) summary").click()
    page.fill("[name=reason]", "lost")
    send(page, "form[action$='/revoke'] button")
    assert "lost" in page.locator(".note-bad").inner_text()
    assert page.locator("form[action$='/try']").count() == 0


def send(page: Page, button: str) -> None:
    follow(page.locator(button).first)
