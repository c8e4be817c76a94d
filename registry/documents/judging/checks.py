"""What pyHanko finds about each signature, as codes for the reader's words."""

import hashlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pikepdf
from asn1crypto import crl, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from ..workers.child import Refused

MOST_SIGNATURES = 40
RECORD = "agreement.json"
WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
MAINTENANCE = ModificationLevel.LTA_UPDATES


def judge_pdf(pdf: bytes, roots: Sequence[bytes], lists: Sequence[bytes]) -> dict[str, Any]:
    """The findings about each signature, in the order of signing, and the digest of the record inside.

    Raises Refused("unreadable") when the file's structure is broken.
    """
    try:
        signatures = list(PdfFileReader(BytesIO(pdf)).embedded_signatures)
    except (PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused("unreadable") from error
    if len(signatures) > MOST_SIGNATURES:
        raise Refused("unreadable")
    found = [_findings(one, roots, lists, is_last=one is signatures[-1]) for one in signatures]
    return {"signatures": found, "record_sha256": record_digest(pdf)}


def record_digest(pdf: bytes) -> str:
    """SHA-256 of the embedded agreement.json, or "" where there is none."""
    try:
        with pikepdf.open(BytesIO(pdf)) as opened:
            inside = opened.attachments.get(RECORD)
            return hashlib.sha256(inside.get_file().read_bytes()).hexdigest() if inside else ""
    except (pikepdf.PdfError, RuntimeError, ValueError, KeyError):
        return ""


def _findings(
    signature: EmbeddedPdfSignature, roots: Sequence[bytes], lists: Sequence[bytes], *, is_last: bool
) -> dict[str, Any]:
    try:
        status = validate_pdf_signature(signature, _context(roots))
        is_revoked = status.revoked or _is_listed(status.signing_cert, lists)
    except (SignatureValidationError, PdfError, ValueError, KeyError, TypeError, AttributeError):
        return {"field": str(signature.field_name), "signer": "", "moment": "", "codes": ["broken"]}
    moment = status.signer_reported_dt
    return {
        "field": str(signature.field_name),
        "signer": str(status.signing_cert.subject.native.get("common_name", "")),
        "moment": moment.isoformat() if moment else "",
        "codes": _codes(status, is_last=is_last, is_revoked=is_revoked),
    }


def _context(roots: Sequence[bytes]) -> ValidationContext:
    """Our own roots; nothing is fetched."""
    return ValidationContext(trust_roots=[x509.Certificate.load(der) for der in roots], allow_fetching=False)


def _is_listed(certificate: x509.Certificate, lists: Sequence[bytes]) -> bool:
    """Whether one of our own lists revokes it. pyHanko looks only when the certificate says where to fetch a list."""
    for der in lists:
        listed = crl.CertificateList.load(der)
        rows = listed["tbs_cert_list"]["revoked_certificates"]
        if listed.issuer == certificate.issuer and certificate.serial_number in {
            row["user_certificate"].native for row in rows
        }:
            return True
    return False


def _codes(status: PdfSignatureStatus, *, is_last: bool, is_revoked: bool) -> list[str]:
    """Everything that is wrong; empty when all is well."""
    if not (status.intact and status.valid):
        return ["altered"]
    codes = []
    if not _is_unchanged(status, is_last=is_last):
        codes.append("changed_later")
    if is_revoked:
        codes.append("revoked")
    elif not status.trusted:
        codes.append("untrusted")
    if not codes and not status.bottom_line:
        codes.append("broken")
    return codes


def _is_unchanged(status: PdfSignatureStatus, *, is_last: bool) -> bool:
    """Whether only what the signature allows came after it, and after the last signature nothing at all."""
    if status.coverage not in WHOLE or not status.docmdp_ok:
        return False
    return not is_last or status.coverage == WHOLE[0] or status.modification_level is MAINTENANCE
