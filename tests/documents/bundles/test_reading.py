"""PKCS#12 files of every age: read, or refused with a reason."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pkcs12
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization import (
    pkcs12 as pyca,
)

from registry.core.errors import Invalid, Unavailable
from registry.documents.authority import make_development_authority
from registry.documents.bundles import reading
from registry.documents.bundles.reading import LARGEST_BYTES, REASONS, TOO_HARD, WRONG_PASSPHRASE, read_bundle
from registry.documents.signing.keys import is_own_key
from registry.documents.workers.parent import Failed, Pool
from tests.documents.certificates import PASSPHRASE, bundle_of, certify, root_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority."""
    made = tmp_path_factory.mktemp("keys")
    make_development_authority(made)
    return made


def wrong(data: bytes, passphrase: str = PASSPHRASE) -> Mapping[str, Sequence[Any]]:
    with pytest.raises(Invalid) as caught:
        read_bundle(data, passphrase)
    return caught.value.fields


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_key_certificate_and_issuers(folder: Path, kind: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 2048)
    own, root = certify(folder, key), root_of(folder).certificate
    found = read_bundle(bundle_of(key, own, [root]), PASSPHRASE)
    assert found.certificate.dump() == own.public_bytes(Encoding.DER)
    assert [one.dump() for one in found.others] == [root.public_bytes(Encoding.DER)]
    assert is_own_key(found.key, found.certificate)


def test_triple_des(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    old = (
        PrivateFormat.PKCS12.encryption_builder()
        .key_cert_algorithm(pyca.PBES.PBESv1SHA1And3KeyTripleDESCBC)
        .hmac_hash(SHA1())  # noqa: S303 - what old programs write
        .build(PASSPHRASE.encode())
    )
    assert is_own_key(*read(bundle_of(key, certify(folder, key), encryption=old)))


def test_rc2_as_old_windows_exports_it(folder: Path, tmp_path: Path) -> None:
    """40-bit RC2 around the certificates: it opens, and the key is kept encrypted properly from then on."""
    key = rsa.generate_private_key(65537, 2048)
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "own.pem").write_bytes(certify(folder, key).public_bytes(Encoding.PEM))
    made = subprocess.run(
        ["/usr/bin/openssl", "pkcs12", "-export", "-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-in", tmp_path / "own.pem",
         "-inkey", tmp_path / "key.pem", "-passout", "pass:old-windows"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip
    assert b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06" in made, "pbeWithSHAAnd40BitRC2-CBC"
    assert is_own_key(*read(made, "old-windows"))


def read(data: bytes, passphrase: str = PASSPHRASE) -> tuple[bytes, object]:
    found = read_bundle(data, passphrase)
    return found.key, found.certificate


def test_a_wrong_passphrase(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert wrong(bundle_of(key, certify(folder, key)), "guess") == {"passphrase": [WRONG_PASSPHRASE]}


def test_without_a_key(folder: Path) -> None:
    own = certify(folder, ec.generate_private_key(ec.SECP256R1()))
    assert wrong(bundle_of(None, own)) == {"file": [REASONS["no_key"]]}


def test_without_a_certificate() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert wrong(bundle_of(key, None)) == {"file": [REASONS["no_certificate"]]}


def test_another_kind_of_key() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    data = pyca.serialize_key_and_certificates(None, key, None, None, BestAvailableEncryption(PASSPHRASE.encode()))
    assert wrong(data) == {"file": [REASONS["key_kind"]]}


@pytest.mark.parametrize("data", [b"no file at all", b"\x30\x82\xff\xff" + bytes(100), b"%PDF-1.7"])
def test_something_else(data: bytes) -> None:
    assert wrong(data) == {"file": [REASONS["damaged"]]}


def test_nothing_and_too_much() -> None:
    assert "Choose a file" in str(wrong(b"")["file"][0].key)
    assert "100" in wrong(bytes(LARGEST_BYTES + 1))["file"][0].english


def test_a_file_that_asks_for_hours_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    slow = pkcs12.Pfx.load(bundle_of(key, certify(folder, key)))
    slow["mac_data"]["iterations"] = 2_000_000_000
    monkeypatch.setattr(reading, "pool_of", lambda module, *_: Pool(module, {}, 1, 2))
    assert wrong(slow.dump()) == {"file": [TOO_HARD]}


def test_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy:
        def ask(self, *_: object) -> None:
            raise Failed("busy")

    monkeypatch.setattr(reading, "pool_of", lambda *_: Busy())
    with pytest.raises(Unavailable):
        read_bundle(b"x", PASSPHRASE)
