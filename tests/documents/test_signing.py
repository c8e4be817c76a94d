"""The registry's signature, and verdicts on files that were tampered with in every way we know."""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from flask import Flask
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from registry.core.errors import Unavailable
from registry.documents import verdicts
from registry.documents.authority import make_development_authority, revoke
from registry.documents.places import places
from registry.documents.signing import NoSigningKey, close, trusted_roots
from registry.documents.verdicts import FileVerdict, State, judge
from registry.documents.workers.parent import Failed

from .aside import aside
from .conformance import conformance_failures
from .houses import make_house
from .tampering import (
    annotate,
    append,
    cut_off,
    flip,
    flip_the_end,
    overlay,
    replace_content,
    save_again,
    swap_record,
)

ALTERED = "The content was changed after it was signed"
CHANGED_LATER = "Something was added or changed after the signature that it does not allow"


def keys_of(verdict: FileVerdict) -> list[str]:
    """The reasons, untranslated."""
    return [reason.key for reason in verdict.reasons]


def test_the_registry_copy_is_valid(inside: Flask, registry_copy: bytes) -> None:
    verdict = judge(registry_copy)
    assert verdict.state is State.VALID
    assert verdict.sha256 == hashlib.sha256(registry_copy).hexdigest()
    assert verdict.record_sha256 == hashlib.sha256(b"{}").hexdigest()
    (signature,) = verdict.signatures
    assert "DEVELOPMENT" in signature.signer
    assert signature.moment
    assert abs(datetime.now(UTC) - signature.moment) < timedelta(hours=1)


def test_pyhanko_agrees_and_every_change_is_forbidden(inside: Flask, registry_copy: bytes) -> None:
    (signature,) = PdfFileReader(BytesIO(registry_copy)).embedded_signatures
    roots = [asn1.Certificate.load(der) for der in trusted_roots(places())]
    status = aside(validate_pdf_signature, signature, ValidationContext(trust_roots=roots, allow_fetching=False))
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.docmdp_level is not None
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_a_signed_file_can_still_be_archived(registry_copy: bytes) -> None:
    assert conformance_failures(registry_copy) == []


def test_signing_only_adds(inside: Flask, signing_copy: bytes) -> None:
    assert close(signing_copy).startswith(signing_copy)


def test_a_file_without_signature_is_not_decided(inside: Flask, signing_copy: bytes) -> None:
    verdict = judge(signing_copy)
    assert verdict.state is State.UNDECIDED
    assert verdict.signatures == ()
    assert "no digital signature" in keys_of(verdict)[0]


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff photo"])
def test_other_files_are_not_decided(inside: Flask, data: bytes) -> None:
    assert judge(data).state is State.UNDECIDED


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (flip, ALTERED),
        (flip_the_end, ALTERED),
        (replace_content, CHANGED_LATER),
        (overlay, CHANGED_LATER),
        (annotate, CHANGED_LATER),
        (swap_record, CHANGED_LATER),
        (save_again, None),
        (cut_off, None),
        (append, None),
    ],
)
def test_tampering_is_found(
    inside: Flask, registry_copy: bytes, tamper: Callable[[bytes], bytes], reason: str | None
) -> None:
    tampered = tamper(registry_copy)
    assert tampered != registry_copy
    verdict = judge(tampered)
    assert verdict.state is State.INVALID
    assert reason is None or reason in keys_of(verdict)


def test_a_stranger_signature_is_not_believed(inside: Flask, signing_copy: bytes, tmp_path: Path) -> None:
    with make_house(tmp_path).app_context():
        make_development_authority(tmp_path / "keys")
        foreign = close(signing_copy)
        assert judge(foreign).state is State.VALID
    verdict = judge(foreign)
    assert verdict.state is State.UNDECIDED
    assert "not one that the registry knows" in keys_of(verdict)[0]


def signer_of(keys: Path) -> signers.SimpleSigner:
    """The registry's key in somebody else's hands."""
    found = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]  # pyHanko's, untyped
        str(keys / "registry.key"), str(keys / "registry.crt")
    )
    assert isinstance(found, signers.SimpleSigner)
    return found


def test_nobody_can_sign_after_closing(inside: Flask, registry_copy: bytes) -> None:
    key = signer_of(places().keys)
    writer = IncrementalPdfFileWriter(BytesIO(registry_copy))
    with pytest.raises(SigningError, match="forbids all changes"):
        aside(signers.sign_pdf, writer, signers.PdfSignatureMetadata(field_name="Late"), signer=key)


def test_closing_after_another_signature_forbids_changes_too(inside: Flask, signing_copy: bytes) -> None:
    key = signer_of(places().keys)
    first = aside(
        signers.sign_pdf,
        IncrementalPdfFileWriter(BytesIO(signing_copy)),
        signers.PdfSignatureMetadata(field_name="PartyA"),
        signer=key,
    )
    closed = close(first.getvalue())
    verdict = judge(closed)
    assert verdict.state is State.VALID
    assert len(verdict.signatures) == 2
    assert judge(overlay(closed)).state is State.INVALID


def test_a_revoked_certificate_is_told(signing_copy: bytes, tmp_path: Path) -> None:
    with make_house(tmp_path).app_context():
        make_development_authority(tmp_path / "keys")
        signed = close(signing_copy)
        assert judge(signed).state is State.VALID
        serial = x509.load_pem_x509_certificate((tmp_path / "keys" / "registry.crt").read_bytes()).serial_number
        revoke(tmp_path / "keys", [serial])
        verdict = judge(signed)
    assert verdict.state is State.INVALID
    assert "The signer's certificate was revoked" in keys_of(verdict)


def test_verdicts_are_remembered(inside: Flask, registry_copy: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    first = judge(registry_copy)
    monkeypatch.setattr(verdicts, "pool_of", None)
    assert judge(registry_copy) is first


@pytest.mark.parametrize(
    ("code", "state"), [("timeout", State.UNDECIDED), ("crash", State.UNDECIDED), ("unreadable", State.INVALID)]
)
def test_what_cannot_be_examined_is_told(
    inside: Flask, code: str, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "pool_of", lambda *_: Failing(code))
    assert judge(b"%PDF-1.7 " + code.encode()).state is state


def test_a_crowd_waits(inside: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdicts, "pool_of", lambda *_: Failing("busy"))
    with pytest.raises(Unavailable):
        judge(b"%PDF-1.7 crowd")


class Failing:
    """A pool that always fails."""

    def __init__(self, code: str) -> None:
        self.code = code

    def ask(self, *_: object) -> None:
        """Fail."""
        raise Failed(self.code)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n" + b"\x00" * 1000, b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj"])
def test_broken_files_are_told(inside: Flask, data: bytes) -> None:
    assert judge(data).state is State.INVALID


def test_without_a_key_nothing_is_signed(tmp_path: Path, signing_copy: bytes) -> None:
    with make_house(tmp_path).app_context(), pytest.raises(NoSigningKey):
        close(signing_copy)


def test_a_site_signs_with_its_own_certificate(tmp_path: Path, signing_copy: bytes) -> None:
    make_development_authority(tmp_path / "made")
    own, root = (
        x509.load_pem_x509_certificate((tmp_path / "made" / name).read_bytes()) for name in ("registry.crt", "root.crt")
    )
    key = load_pem_private_key((tmp_path / "made" / "registry.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    bundle = tmp_path / "site.p12"
    bundle.write_bytes(pkcs12.serialize_key_and_certificates(b"x", key, own, [root], BestAvailableEncryption(b"open")))
    site = {"demo": False, "secret_key": "s" * 40, "signing_pkcs12": bundle}
    with make_house(tmp_path / "instance", **site, signing_passphrase="open").app_context():
        assert judge(close(signing_copy)).state is State.VALID
    other = make_house(tmp_path / "instance", **site, signing_passphrase="no")
    with other.app_context(), pytest.raises(NoSigningKey):
        close(signing_copy)


def test_outside_demo_mode_development_signatures_are_not_believed(
    inside: Flask, registry_copy: bytes, tmp_path: Path
) -> None:
    with make_house(places().keys.parent, demo=False, secret_key="s" * 40).app_context():
        assert judge(registry_copy).state is State.UNDECIDED
    for roots in (places().keys / "root.crt", places().keys):
        trusting = make_house(tmp_path, demo=False, secret_key="s" * 40, trusted_roots=roots)
        with trusting.app_context():
            assert judge(registry_copy).state is State.VALID


def test_verdicts_have_names() -> None:
    assert [str(state.label.key) for state in State] == ["Valid", "Cannot be decided", "Invalid"]


def test_a_callers_event_loop_does_not_stand_in_the_way(inside: Flask, signing_copy: bytes) -> None:
    """Another library may have its loop running in the thread that wants a file closed."""

    async def close_here() -> bytes:
        return close(signing_copy)

    assert aside(asyncio.run, close_here()).startswith(signing_copy)
