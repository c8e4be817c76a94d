"""`flask registry verify-archive`: verdict, words and exit status without the database."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from registry.agreements.archive_package import package
from registry.agreements.content import digest
from registry.app import create_app
from registry.core.config import DEMO_SECRET, Settings
from registry.core.errors import Unavailable
from registry.documents import produce
from registry.documents.authority import make_development_authority
from registry.documents.store import sm3
from tests.cli.test_verify import CONTENT, RECORD
from tests.documents.samples import make_parties, make_signing_copy
from tests.documents.signed import closed, signed_by_both

REGISTRY_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


@pytest.fixture(scope="module")
def house(fonts: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application without a database."""
    instance = tmp_path_factory.mktemp("house")
    make_development_authority(instance / "keys")
    never = f"sqlite:///{instance / 'nowhere' / 'never.db'}"
    return create_app(
        Settings(secret_key=DEMO_SECRET, database_url=never, instance=instance, demo=True, testing=True, fonts=fonts)
    )


@pytest.fixture(scope="module")
def zipped(house: Flask) -> bytes:
    """A package with one file that both parties signed and the registry closed."""
    keys = Path(house.instance_path) / "keys"
    with house.app_context():
        unsigned = produce.render_signing_copy(make_signing_copy(parties=make_parties(2), record=RECORD))
        pdf = closed(signed_by_both(unsigned, keys), keys)
        return package(dossier(pdf), {hashlib.sha256(pdf).hexdigest(): pdf})


def dossier(pdf: bytes) -> dict[str, object]:
    """As little as a package needs."""
    agreement = {
        "registry_id": REGISTRY_ID, "number": "鞍校地协〔2026〕1号", "kind": "framework", "title_zh": "框架协议",
        "title_en": "", "signed_on": "2026-03-18", "signed_precision": "day", "effective_on": "2026-03-18",
        "expires_on": None, "open_ended": True, "signing_place": "鞍山市", "minutes_number": "", "minutes_on": None,
        "source": "", "source_url": "", "is_demo": True, "owner": "鞍山市人力资源和社会保障局", "parent": None,
        "parties": [{"position": 1, "role": "lead", "name": "鞍山市人力资源和社会保障局", "name_en": ""}],
    }  # fmt: skip
    archive = {
        "id": REGISTRY_ID, "number": "2026-1", "retention": "y30", "kept_until": "2056-12-31", "secrecy": "internal",
        "disclosure": "none", "place": "", "originals": 0, "archived_at": "2026-11-22T08:00:00+00:00",
        "archived_by": "测试", "signed_on": "2026-03-18",
    }  # fmt: skip
    file = {
        "name": "files/01-signed_agreement.pdf", "kind": "signed_agreement", "original_name": "已签协议.pdf",
        "parties": [], "origin": "", "media_type": "application/pdf", "size": len(pdf), "sm3": sm3(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(), "added_at": "2026-11-22T08:00:00+00:00",
    }  # fmt: skip
    revision = {
        "id": REGISTRY_ID, "no": 1, "kind": "original", "hash_version": "c1", "content_sha256": digest(CONTENT),
        "content_sm3": "", "previous": None,
    }  # fmt: skip
    return {
        "form": 1, "archive": archive, "agreement": agreement, "revision": revision, "steps": [], "approvals": [],
        "signatures": [], "events": [], "files": [file], "record": RECORD.decode(), "trust": [],
    }  # fmt: skip


@pytest.fixture
def run(house: Flask, tmp_path: Path) -> Callable[..., Result]:
    """Call the command on bytes."""

    def call(data: bytes, *arguments: object, **environment: str) -> Result:
        path = tmp_path / "package.zip"
        path.write_bytes(data)
        given = ["registry", "verify-archive", str(path), *(str(one) for one in arguments)]
        return house.test_cli_runner().invoke(args=given, env={"LC_ALL": "", "LC_MESSAGES": "", **environment})

    return call


def changed(data: bytes) -> bytes:
    """With one more character in the dossier."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for one in old.infolist():
            new.writestr(one, old.read(one) + (b" " if one.filename == "dossier.txt" else b""))
    return target.getvalue()


def test_a_genuine_package(run: Callable[..., Result], zipped: bytes) -> None:
    told = run(zipped, LANG="en_GB.UTF-8")
    assert told.exit_code == 0, told.output
    assert told.output.startswith("Valid\n")
    assert "files/01-signed_agreement.pdf: Valid" in told.output
    assert f"SHA-256 {hashlib.sha256(zipped).hexdigest()}" in told.output
    assert "archive card" in told.output


def test_it_speaks_chinese(run: Callable[..., Result], zipped: bytes) -> None:
    assert run(zipped, LANG="zh_CN.UTF-8").output.startswith("有效\n")
    assert run(zipped, "--language", "zh", LANG="C").output.startswith("有效\n")


def test_a_tampered_package(run: Callable[..., Result], zipped: bytes) -> None:
    told = run(changed(zipped), LANG="C")
    assert told.exit_code == 1
    assert "dossier.txt does not have the digest of manifest-sha256.txt" in told.output


def test_a_file_that_is_no_package(run: Callable[..., Result]) -> None:
    told = run(b"%PDF", LANG="C")
    assert told.exit_code == 1
    assert "not a ZIP" in told.output


def test_the_digest_of_the_card_is_compared(run: Callable[..., Result], zipped: bytes) -> None:
    digest_of_card = hashlib.sha256(zipped).hexdigest()
    assert run(zipped, "--sha256", digest_of_card.upper(), LANG="C").exit_code == 0
    told = run(zipped, "--sha256", "0" * 64, LANG="C")
    assert told.exit_code == 1
    assert "not the package that the archive card names" in told.output


def test_by_other_roots_nothing_is_decided(
    run: Callable[..., Result], zipped: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    make_development_authority(elsewhere)
    assert run(zipped, "--trust", elsewhere / "root.crt", LANG="C").exit_code != 0


def test_json(run: Callable[..., Result], zipped: bytes) -> None:
    told = json.loads(run(changed(zipped), "--json", LANG="C").output)
    assert told["state"] == "invalid"
    assert told["reasons"]
    assert json.loads(run(zipped, "--json", LANG="C").output)["files"] == {"files/01-signed_agreement.pdf": "valid"}


def test_it_says_when_too_many_are_judged(
    run: Callable[..., Result], zipped: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_busy = Unavailable()

    def refuse(*_: object) -> None:
        raise from_busy

    monkeypatch.setattr("registry.cli.verify_archive.check", refuse)
    told = run(zipped, LANG="C")
    assert told.exit_code == 1
    assert told.output.startswith("Error: ")
