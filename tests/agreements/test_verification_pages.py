"""The public pages for checking, and the package that makes the registry unnecessary."""

import hashlib
import re
import subprocess
import zipfile
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest

from registry.agreements import record
from registry.agreements.models import Agreement
from registry.audit.models import AuditEvent
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.web import throttle
from tests.agreements.scene import Scene, make_scene
from tests.agreements.signed import SignedAgreement, keys, render, sign_all
from tests.conftest import Client
from tests.documents.tampering import swap_record
from tests.states import Begin

ENGLISH = {"Accept-Language": "en"}


def bare() -> tuple[Scene, None]:
    """People, and keys to sign with."""
    keys()
    with transaction():
        return make_scene(), None


def signed_and_effective() -> tuple[Scene, SignedAgreement]:
    """And a closed agreement."""
    scene, _ = bare()
    with transaction():
        agreement = scene.signing()
    made = sign_all(scene, agreement, render(agreement))
    with transaction():
        revision = agreement.open_revision
        assert revision
        revision.take_effect(today())
    return scene, made


@pytest.fixture
def begun(begin_with: Begin, request: pytest.FixtureRequest, fonts: Path) -> tuple[Scene, SignedAgreement | None]:
    """The scene, with an agreement where the test asks for it."""
    throttle.forget()
    return begin_with(signed_and_effective if "signed" in request.fixturenames else bare)


@pytest.fixture
def scene(begun: tuple[Scene, SignedAgreement | None]) -> Scene:
    return begun[0]


@pytest.fixture
def signed(begun: tuple[Scene, SignedAgreement | None]) -> SignedAgreement:
    """Signed by both and closed."""
    assert begun[1]
    return begun[1]


def dropped(client: Client, data: bytes, address: str = "/verify") -> str:
    """The page after a file was dropped."""
    return client.post(address, data={"file": (BytesIO(data), "文件.pdf")}, headers=ENGLISH).text


def test_a_dropped_file_finds_its_agreement(signed: SignedAgreement, client: Client) -> None:
    page = dropped(client, signed.closed)
    assert "registered signed agreement, unaltered" in page
    assert signed.agreement.public_id in page
    assert "西北工业大学" in page
    assert "DEVELOPMENT Root" in page


def test_a_changed_record_is_named_without_its_values(signed: SignedAgreement, client: Client) -> None:
    due = record.record_of(signed.agreement, signed.agreement.revisions[0], "http://127.0.0.1:8000")
    page = dropped(client, swap_record(signed.closed, due.replace("更好服务产业".encode(), "服务".encode())))
    assert "$.content.variables.purpose_context" in page
    assert "服务产业" not in page
    assert "Filled-in places" in page


def test_nothing_but_public_facts_is_told(signed: SignedAgreement, scene: Scene, client: Client) -> None:
    for page in (dropped(client, signed.closed), client.get(f"/v/{signed.agreement.verification_code}").text):
        for kept_back in ("测试签字人", "更好服务产业发展", scene.bureau.handler.name, "同意"):
            assert kept_back not in page


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7\n" + b"\x00" * 500, b"%PDF-1.4 " + b"[" * 5000])
def test_hostile_files_get_a_verdict(scene: Scene, client: Client, data: bytes) -> None:
    page = dropped(client, data)
    assert "The file is not one of this registry" in page


def test_too_large_a_file_is_refused(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.agreements.views.verification.LARGEST_BYTES", 1000)
    data = b"%PDF-1.7" + b"\x00" * 1000
    answer = client.post("/verify", data={"file": (BytesIO(data), "a.pdf")}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "At most 20 MB" in answer.text


@pytest.mark.parametrize("address", ["/verify", "/v/0000"])
def test_no_file_is_no_verdict(scene: Scene, client: Client, address: str) -> None:
    assert client.post(address, headers=ENGLISH).status_code == 422


def test_a_typed_code_leads_to_its_page(signed: SignedAgreement, client: Client) -> None:
    code = signed.agreement.verification_code or ""
    typed = "-".join(code.upper()[place : place + 4] for place in range(0, 32, 4))
    answer = client.get("/verify", query_string={"code": typed})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/v/{code}"
    assert client.get(f"/v/{code.upper()}").status_code == 200
    assert client.get("/verify", query_string={"code": "？！"}).status_code == 422
    assert client.get("/verify").status_code == 200


def test_unknown_codes_get_one_answer(scene: Scene, client: Client) -> None:
    pages = {re.sub(r"Request <code>\w+|\b[0-9a-f]{16}\b", "", _known(client, code)) for code in ("ab" * 16, "0", "x1")}
    assert len(pages) == 1


def _known(client: Client, code: str) -> str:
    answer = client.get(f"/v/{code}", headers=ENGLISH)
    assert answer.status_code == 404
    return answer.text.replace(f"/v/{code}", "")


def test_the_code_of_a_page_is_told(signed: SignedAgreement, client: Client) -> None:
    address = f"/v/{signed.agreement.verification_code}"
    assert "Page 3 of revision 1" in client.get(f"{address}?r=1&p=3", headers=ENGLISH).text
    assert "not registered as signed" in client.get(f"{address}?r=9&p=3", headers=ENGLISH).text
    for odd in ("r=0", "r=x", "r=-1", "r=99999999999", "p=3", "r=１"):
        assert client.get(f"{address}?{odd}").status_code == 200


def test_looking_changes_nothing(signed: SignedAgreement, client: Client) -> None:
    before = db.session.query(AuditEvent).count()
    dropped(client, signed.closed)
    client.get(f"/v/{signed.agreement.verification_code}")
    assert db.session.query(AuditEvent).count() == before


def test_too_many_files_are_slowed_down(scene: Scene, client: Client) -> None:
    for _try in range(40):
        assert client.post("/verify").status_code == 422
    assert client.post("/verify").status_code == 429
    throttle.forget()


def package_of(agreement: Agreement, scene: Scene, client: Client) -> bytes:
    """The package as a reader downloads it."""
    answer = client.sign_in(scene.university.handler).get(f"/agreements/{agreement.public_id}/verification-package.zip")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    return bytes(answer.data)


def test_the_package_checks_itself(signed: SignedAgreement, scene: Scene, client: Client, tmp_path: Path) -> None:
    data = package_of(signed.agreement, scene, client)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        archive.extractall(tmp_path)
        names = archive.namelist()
    assert names[:-1] == sorted(names[:-1])
    assert {"trust/root-1.pem", "trust/registry.pem", "trust/revoked-1.pem", "SHA256SUMS"} <= set(names)
    assert (tmp_path / "文件.pdf").read_bytes() == signed.closed
    assert (tmp_path / "agreement-record-1.json").read_bytes() == record.schema_bytes()
    run = subprocess.run(["/usr/bin/sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, capture_output=True, check=False)
    assert run.returncode == 0
    run = subprocess.run(
        ["/usr/bin/openssl", "verify", "-CAfile", "trust/root-1.pem", "trust/registry.pem"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0


def test_the_instructions_name_digests_and_need_nothing_else(
    signed: SignedAgreement, scene: Scene, client: Client, tmp_path: Path
) -> None:
    with zipfile.ZipFile(BytesIO(package_of(signed.agreement, scene, client))) as archive:
        archive.extractall(tmp_path)
    page = (tmp_path / "如何核验-HOW-TO-VERIFY.html").read_text(encoding="utf-8")
    assert hashlib.sha256(signed.closed).hexdigest() in page
    assert not re.search(r"<script|<img|<link|url\(|src=|@import", page)
    told = re.search(r'python3 -c "(.+?)"</code>', unescape(page))
    assert told
    run = subprocess.run(
        ["/usr/bin/env", "python3", "-c", told[1]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == signed.agreement.revisions[0].content_sha256


def test_the_record_in_the_file_is_the_one_beside_it(
    signed: SignedAgreement, scene: Scene, client: Client, tmp_path: Path
) -> None:
    with zipfile.ZipFile(BytesIO(package_of(signed.agreement, scene, client))) as archive:
        archive.extractall(tmp_path)
    page = (tmp_path / "如何核验-HOW-TO-VERIFY.html").read_text(encoding="utf-8")
    told = re.search(r"<code>(mkdir from-pdf .+?)</code>", page)
    assert told
    run = subprocess.run(
        ["/bin/sh", "-c", unescape(told[1])], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.stdout.endswith("OK\n")


def test_the_same_package_has_the_same_bytes(signed: SignedAgreement, scene: Scene, client: Client) -> None:
    assert package_of(signed.agreement, scene, client) == package_of(signed.agreement, scene, client)


def test_a_package_is_for_readers_of_a_signed_agreement(scene: Scene, client: Client) -> None:
    with transaction():
        agreement = scene.signing()
    address = f"/agreements/{agreement.public_id}/verification-package.zip"
    assert client.get(address).status_code in (302, 303)
    assert client.sign_in(scene.bureau.handler).get(address).status_code == 404


def test_the_record_page_offers_it(signed: SignedAgreement, scene: Scene, client: Client) -> None:
    page = client.sign_in(scene.bureau.handler).get(f"/agreements/{signed.agreement.public_id}")
    assert "verification-package.zip" in page.text
