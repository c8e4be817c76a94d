"""Closing at each level: what pyHanko, the PDF/A validator, poppler and openssl say of the file."""

import logging
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509
from flask import Flask
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from registry.documents.authority import make_development_authority, revoke
from registry.documents.places import places
from registry.documents.signing import NoSigningKey, close, closing_outlook, trusted_roots
from registry.documents.signing.levels import Level
from tests.documents.aside import aside
from tests.documents.authorities import certificate, honest, served
from tests.documents.conformance import conformance_failures
from tests.documents.houses import make_house

STAMP = "signature_time_stamp_token"
LEVELS = ["b", "t", "lt", "lta"]


@contextmanager
def at_level(keys: Path, level: str, url: str = "development", **more: object) -> Iterator[Flask]:
    """An application beside these keys that closes at this level."""
    made = make_house(keys.parent, signature_level=level, timestamp_url=url, **more)
    with made.app_context():
        yield made


def context() -> ValidationContext:
    roots = [x509.Certificate.load(der) for der in trusted_roots(places())]
    return ValidationContext(trust_roots=roots, allow_fetching=False)


def check(pdf: bytes, signatures: int) -> PdfFileReader:
    """Every signature and time stamp is good, the last forbids every change, and the file can be archived."""
    reader = PdfFileReader(BytesIO(pdf))
    assert len(reader.embedded_regular_signatures) == signatures
    for signature in reader.embedded_regular_signatures:
        assert aside(validate_pdf_signature, signature, context()).bottom_line, signature.field_name
    for stamp in reader.embedded_timestamp_signatures:
        status = aside(validate_pdf_timestamp, stamp, context())
        assert status.intact
        assert status.valid
        assert status.trusted
        assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    closing = reader.embedded_regular_signatures[-1]
    assert closing.field_name == "RegistryClosing"
    assert closing.docmdp_level is MDPPerm.NO_CHANGES
    assert conformance_failures(pdf) == []
    return reader


def lists_inside(reader: PdfFileReader) -> int:
    try:
        return len(DocumentSecurityStore.read_dss(reader).crls)
    except NoDSSFoundError:
        return 0


def has_stamp(reader: PdfFileReader) -> bool:
    status = aside(validate_pdf_signature, reader.embedded_regular_signatures[-1], context())
    return status.timestamp_validity is not None and status.timestamp_validity.valid


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("copy", ["unsigned", "signed", "registry_copy_open"])
def test_a_file_is_closed(keys: Path, level: str, copy: str, request: pytest.FixtureRequest) -> None:
    pdf: bytes = request.getfixturevalue(copy)
    with at_level(keys, level):
        closed = close(pdf)
        assert closed.startswith(pdf)
        reader = check(closed, 3 if copy == "signed" else 1)
        assert has_stamp(reader) is (level != "b")
        assert lists_inside(reader) == (1 if level in ("lt", "lta") else 0)
        assert len(reader.embedded_timestamp_signatures) == (1 if level == "lta" else 0)


def test_the_field_that_was_there_is_signed(keys: Path, unsigned: bytes) -> None:
    """No second one is made: the parties signed a file that holds the field already."""
    with at_level(keys, "b"):
        fields = PdfFileReader(BytesIO(close(unsigned))).root["/AcroForm"]["/Fields"]
        assert [str(one.get_object()["/T"]) for one in fields].count("RegistryClosing") == 1


def test_up_to_lt_the_closing_signature_covers_the_whole_file(keys: Path, signed: bytes) -> None:
    for level in ("b", "t", "lt"):
        with at_level(keys, level):
            last = PdfFileReader(BytesIO(close(signed))).embedded_regular_signatures[-1]
            assert last.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE


@pytest.mark.parametrize(("url", "level"), [("", Level.LT), ("development", Level.LTA)])
def test_the_level_without_a_setting(keys: Path, url: str, level: Level) -> None:
    with at_level(keys, "", url):
        assert closing_outlook().reached is level


def test_without_an_authority_validation_data_is_embedded_all_the_same(keys: Path, signed: bytes) -> None:
    with at_level(keys, "", ""):
        reader = check(close(signed), 3)
        assert lists_inside(reader) == 1
        assert not has_stamp(reader)


@pytest.mark.parametrize(("url", "reached"), [("", Level.B), ("development", Level.T)])
def test_without_a_revocation_list_the_level_falls_and_it_is_told(
    tmp_path: Path, unsigned: bytes, url: str, reached: Level, caplog: pytest.LogCaptureFixture
) -> None:
    make_development_authority(tmp_path / "keys")
    (tmp_path / "keys" / "root.crl").unlink()
    with at_level(tmp_path / "keys", "", url), caplog.at_level(logging.WARNING):
        reader = check(close(unsigned), 1)
        assert has_stamp(reader) is (reached is Level.T)
        assert lists_inside(reader) == 0
        assert f"closed at level {reached} instead of" in caplog.text
        assert "DEVELOPMENT Registry" in caplog.text
        told = closing_outlook()
        assert (told.reached, len(told.missing)) == (reached, 1)


def test_a_revoked_registry_does_not_close(tmp_path: Path, unsigned: bytes) -> None:
    keys = tmp_path / "keys"
    make_development_authority(keys)
    revoke(keys, [certificate(keys / "registry.crt").serial_number])
    with at_level(keys, ""), pytest.raises(NoSigningKey) as caught:
        close(unsigned)
    assert caught.value.message.key == "The registry's signing certificate was revoked"


def test_only_lists_that_matter_go_inside(tmp_path: Path, unsigned: bytes) -> None:
    make_development_authority(tmp_path / "other")
    make_development_authority(tmp_path / "keys")
    foreign = tmp_path / "keys" / "foreign.crl"
    foreign.write_bytes(rename_issuer((tmp_path / "other" / "root.crl").read_bytes()))
    (tmp_path / "keys" / "broken.crl").write_bytes(b"not a list")
    with at_level(tmp_path / "keys", "lt", ""):
        assert lists_inside(check(close(unsigned), 1)) == 1


def rename_issuer(pem_list: bytes) -> bytes:
    """The list as if of another authority, in DER as authorities publish it; its signature is of no matter here."""
    der = subprocess.run(
        ["/usr/bin/openssl", "crl", "-outform", "DER"], input=pem_list, capture_output=True, check=True
    ).stdout
    return der.replace(b"DEVELOPMENT Root", b"SOMEBODY ELSE'S ")


def test_poppler_and_openssl_agree(keys: Path, signed: bytes, tmp_path: Path) -> None:
    """Two programs that share no code with pyHanko: pdfsig on the signatures, openssl on the time stamp."""
    with served(honest(keys)) as url, at_level(keys, "lta", url):
        closed = close(signed)
        signature = PdfFileReader(BytesIO(closed)).embedded_regular_signatures[-1]
    (tmp_path / "closed.pdf").write_bytes(closed)
    told = subprocess.run(
        ["/usr/bin/pdfsig", "-nocert", str(tmp_path / "closed.pdf")], capture_output=True, text=True, check=False
    ).stdout
    assert told.count("Signature Validation: Signature is Valid.") == 3
    assert told.count("Signature has not yet been verified.") == 1, "it does not look at the archive time stamp"
    (token,) = (
        one for one in signature.signer_info["unsigned_attrs"] if one["type"].native == "signature_time_stamp_token"
    )
    (tmp_path / "token.der").write_bytes(token["values"][0].dump())
    (tmp_path / "stamped").write_bytes(signature.signer_info["signature"].native)
    verdict = subprocess.run(
        ["/usr/bin/openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token.der", "-data", tmp_path / "stamped",
         "-CAfile", keys / "root.crt", "-untrusted", keys / "timestamp.crt"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert verdict.stdout.strip() == "Verification: OK", verdict.stderr
    (tmp_path / "stamped").write_bytes(b"something else")
    assert "OK" not in subprocess.run(verdict.args, capture_output=True, text=True, check=False).stdout
