"""`flask registry verify`: verdict, words and exit status without the database."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from registry.agreements.content import digest
from registry.app import create_app
from registry.core.config import DEMO_SECRET, Settings
from registry.documents import produce
from registry.documents.authority import make_development_authority
from tests.documents.samples import make_parties, make_signing_copy
from tests.documents.signed import closed, issue, sign, signed_by_both, stamp, stamper
from tests.documents.tampering import replace_content, swap_record

CONTENT = {
    "parties": [{"position": 1, "name": "鞍山市人力资源和社会保障局"}, {"position": 2, "name": "西北工业大学"}],
    "facts": {"2": {"name_en": "Northwestern Polytechnical University"}},
}
RECORD = json.dumps({"content": CONTENT, "content_sha256": digest(CONTENT), "hash_version": "c1"}).encode()


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
def keys(house: Flask) -> Path:
    """Its keys."""
    return Path(house.instance_path) / "keys"


@pytest.fixture(scope="module")
def unsigned(house: Flask) -> bytes:
    """A signing copy for two."""
    with house.app_context():
        return produce.render_signing_copy(replace(make_signing_copy(parties=make_parties(2)), record=RECORD))


@pytest.fixture(scope="module")
def done(unsigned: bytes, keys: Path) -> bytes:
    """Signed by both and closed."""
    return closed(signed_by_both(unsigned, keys), keys)


@pytest.fixture
def run(house: Flask, tmp_path: Path) -> Callable[..., Result]:
    """Call the command on bytes."""

    def call(data: bytes, *arguments: object, **environment: str) -> Result:
        path = tmp_path / "file.pdf"
        path.write_bytes(data)
        given = ["registry", "verify", str(path), *(str(one) for one in arguments)]
        return house.test_cli_runner().invoke(args=given, env={"LC_ALL": "", "LC_MESSAGES": "", **environment})

    return call


def test_a_closed_file(run: Callable[..., Result], done: bytes) -> None:
    told = run(done, LANG="en_GB.UTF-8")
    assert told.exit_code == 0
    assert told.output.startswith("Valid\n")
    for words in ("Party A · Party-1: Valid", "The file is closed", "not compared with the registry", "SHA-256", "SM3"):
        assert words in told.output


@pytest.mark.parametrize(("arguments", "language"), [((), "zh_CN.UTF-8"), (("--language", "zh"), "C")])
def test_it_speaks_chinese(run: Callable[..., Result], done: bytes, arguments: tuple[str, ...], language: str) -> None:
    told = run(done, *arguments, LANG=language)
    assert told.output.startswith("有效\n")
    assert "甲方 · Party-1" in told.output


def test_a_time_stamped_file(run: Callable[..., Result], done: bytes, keys: Path) -> None:
    told = run(stamp(done, stamper(keys)), LANG="C")
    assert told.exit_code == 0
    assert "By a trusted time stamp" in told.output


def test_a_tampered_file(run: Callable[..., Result], done: bytes) -> None:
    told = run(replace_content(done), LANG="C")
    assert told.exit_code == 1
    assert "The content of page 1 was replaced" in told.output


def test_a_changed_record_shows_both_values_of_the_file(run: Callable[..., Result], done: bytes) -> None:
    told = run(swap_record(done, RECORD.replace(b'"c1"', b'"c2\\u202e"')), LANG="C")
    assert told.exit_code == 1
    assert "$.hash_version" in told.output
    assert '"c1" → "c2\\u202e"' in told.output


def test_a_record_of_a_later_form_is_not_decided(run: Callable[..., Result], house: Flask, keys: Path) -> None:
    later = RECORD.replace(b'"c1"', b'"c2"')
    with house.app_context():
        pdf = produce.render_signing_copy(replace(make_signing_copy(parties=make_parties(2)), record=later))
    told = run(closed(pdf, keys), LANG="C")
    assert told.exit_code == 2
    assert "a form that this registry does not know" in told.output


def test_nothing_but_an_unsigned_file(run: Callable[..., Result], unsigned: bytes) -> None:
    assert run(unsigned).exit_code == 2
    assert run(b"hello").exit_code == 2


def test_other_roots(run: Callable[..., Result], done: bytes, keys: Path, tmp_path: Path) -> None:
    make_development_authority(tmp_path / "other")
    assert run(done, "--trust", tmp_path / "other" / "root.crt").exit_code == 2
    assert run(done, "--trust", keys / "root.crt").exit_code == 0
    assert run(done, "--trust", keys / "root.crt", "--crl", keys / "root.crl").exit_code == 0
    wrong = run(done, "--trust", tmp_path / "file.pdf")
    assert wrong.exit_code == 1
    assert "is not a PEM file" in wrong.output


@pytest.mark.parametrize(
    ("field", "organisation", "words"),
    [
        (
            "Party-1",
            "西北工业大学",
            "某人 signed in the field of Party A, which is 鞍山市人力资源和社会保障局 by the record",
        ),
        ("Party-2", "西北工业大学附属中学", "某人 signed in the field of Party B, which is 西北工业大学 by the record"),
        ("Party-3", "西北工业大学", "某人 signed in the field of Party C, which is — by the record"),
        ("RegistryClosing", "某单位", "closed with the certificate of 某人, which is not the registry's"),
    ],
)
def test_a_signature_in_the_place_of_another(
    run: Callable[..., Result], unsigned: bytes, keys: Path, field: str, organisation: str, words: str
) -> None:
    told = run(sign(unsigned, field, issue(keys, organisation, "某人"), first=True), LANG="C")
    assert told.exit_code == 2
    assert words in told.output


@pytest.mark.parametrize("name", ["DEVELOPMENT 西北工业大学", "Northwestern Polytechnical University"])
def test_the_name_alone_may_tell_who_signed(run: Callable[..., Result], unsigned: bytes, keys: Path, name: str) -> None:
    assert run(sign(unsigned, "Party-2", issue(keys, "某部门", name), first=True)).exit_code == 0


def test_a_foreign_installation_cannot_tell_who_closed(run: Callable[..., Result], done: bytes, keys: Path) -> None:
    told = run(done, "--trust", keys / "root.crt", LANG="C")
    assert "Whether the registry itself closed the file" in told.output


def test_json(run: Callable[..., Result], unsigned: bytes, keys: Path) -> None:
    half = sign(unsigned, "Party-1", issue(keys, "鞍山市人力资源和 社会保障局", "某人"), first=True)
    told = json.loads(run(half, "--json", LANG="C").output)
    assert told["state"] == "valid"
    assert told["closed"] is False
    assert told["unsigned_parties"] == [2]
    (one,) = told["signatures"]
    assert one["certificate"]["organisation"] == "鞍山市人力资源和 社会保障局"
    assert one["certificate"]["development"] is False
    assert one["trusted_time"] is None
    assert one["signers_clock"]
