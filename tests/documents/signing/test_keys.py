"""Organisations' keys: in files, encrypted, missing, damaged, somebody else's; and certificates that may not sign."""

import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from registry.core.dates import now
from registry.documents.authority import make_development_authority, revoke
from registry.documents.models import KeySource, SigningCertificate
from registry.documents.signing import NoSigningKey, keys, signer_for, try_key
from registry.documents.signing.keyfiles import seal
from registry.documents.signing.keys import MISSING, NO_MODULE, OTHER_KEY, UNREADABLE, chain_of
from tests.documents.aside import aside
from tests.documents.certificates import certify, issued_row, root_of, row_of
from tests.documents.houses import make_house

from .conftest import sign
from .test_levels import context


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Flask]:
    """An application with an authority of its own."""
    make_development_authority(tmp_path / "keys")
    made = make_house(tmp_path)
    with made.app_context():
        yield made


@pytest.fixture
def row(home: Flask, tmp_path: Path) -> SigningCertificate:
    """A development certificate."""
    return issued_row(tmp_path / "keys", "one")


def sealed_row(folder: Path) -> SigningCertificate:
    """An imported certificate, its key encrypted."""
    key = ec.generate_private_key(ec.SECP384R1())
    own = certify(folder, key)
    name = seal(folder, "imported", key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    pem = "".join(one.public_bytes(Encoding.PEM).decode() for one in (own, root_of(folder).certificate))
    return row_of(chain_of(pem), KeySource.PKCS12, name, pem)


def told(row: SigningCertificate) -> str:
    with pytest.raises(NoSigningKey) as caught:
        signer_for(row)
    return caught.value.message.key


def test_a_development_key_signs(row: SigningCertificate, unsigned: bytes) -> None:
    try_key(row)
    (signature,) = PdfFileReader(
        BytesIO(sign(unsigned, "Party-1", signer_for(row), is_first=True))
    ).embedded_regular_signatures
    status = aside(validate_pdf_signature, signature, context())
    assert status.bottom_line
    assert status.signing_cert.sha256.hex() == row.sha256


def test_an_imported_key_signs_and_lies_encrypted(home: Flask, tmp_path: Path) -> None:
    row = sealed_row(tmp_path / "keys")
    try_key(row)
    kept = tmp_path / "keys" / row.key_reference
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert b"\x30\x81" not in kept.read_bytes()[:40], "no key in the clear"


def test_a_key_that_is_gone(row: SigningCertificate, tmp_path: Path) -> None:
    (tmp_path / "keys" / row.key_reference).unlink()
    assert told(row) == MISSING.key
    imported = sealed_row(tmp_path / "keys")
    (tmp_path / "keys" / imported.key_reference).unlink()
    assert told(imported) == MISSING.key


def test_a_key_that_is_damaged(row: SigningCertificate, tmp_path: Path) -> None:
    (tmp_path / "keys" / row.key_reference).write_bytes(b"nonsense")
    assert told(row) == UNREADABLE.key


def test_a_key_under_another_data_key(home: Flask, tmp_path: Path) -> None:
    row = sealed_row(tmp_path / "keys")
    with make_house(tmp_path, data_key="A" * 43 + "=").app_context():
        assert told(row) == UNREADABLE.key


def test_somebody_elses_key(row: SigningCertificate, tmp_path: Path) -> None:
    row.key_reference = issued_row(tmp_path / "keys", "two").key_reference
    assert told(row) == OTHER_KEY.key


def test_a_name_leads_nowhere_else(row: SigningCertificate, tmp_path: Path) -> None:
    (tmp_path / "outside.key").write_bytes((tmp_path / "keys" / row.key_reference).read_bytes())
    row.key_reference = "../outside.key"
    assert told(row) == MISSING.key


def expired(row: SigningCertificate) -> None:
    row.not_after = now() - timedelta(seconds=1)


def not_yet(row: SigningCertificate) -> None:
    row.not_before = now() + timedelta(hours=1)


def revoked(row: SigningCertificate) -> None:
    row.revoke("lost", now())


@pytest.mark.parametrize(
    ("change", "words"), [(expired, "expired on"), (not_yet, "valid only from"), (revoked, "was revoked on")]
)
def test_a_certificate_that_may_not_sign(
    row: SigningCertificate, change: Callable[[SigningCertificate], None], words: str
) -> None:
    change(row)
    assert words in told(row)


def test_a_certificate_on_the_list(row: SigningCertificate, tmp_path: Path) -> None:
    revoke(tmp_path / "keys", [int(row.serial, 16)])
    assert "revocation list" in told(row)


def test_without_the_package_for_tokens(row: SigningCertificate, monkeypatch: pytest.MonkeyPatch) -> None:
    row.source, row.key_reference = KeySource.PKCS11, "token/key"

    def absent(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(keys, "import_module", absent)
    assert told(row) == NO_MODULE.key
