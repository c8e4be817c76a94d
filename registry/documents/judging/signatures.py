"""What pyHanko finds about one signature or time stamp, as codes for the reader's words."""

from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    ModificationInfo,
    PdfSignatureStatus,
    SignatureCoverageLevel,
)

from .trusting import LONGEST_TEXT, Trust, certificate_facts, is_within

Findings = dict[str, Any]
WHOLE = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
WEAK = frozenset({"md2", "md4", "md5", "sha1"})
CANNOT_BE_READ = (SignatureValidationError, PdfError, ValueError, KeyError, TypeError, AttributeError, IndexError)
LATER = {
    ModificationLevel.NONE: "nothing",
    ModificationLevel.LTA_UPDATES: "maintenance",
    ModificationLevel.FORM_FILLING: "forms",
}


def findings(signature: EmbeddedPdfSignature, trust: Trust, stamped: datetime | None, *, is_last: bool) -> Findings:
    """Everything about one signature; `stamped` is when a later time stamp of the file proves that it was there.

    What cannot be read is "broken", never an error.
    """
    is_stamp = signature.sig_object_type == "/DocTimeStamp"
    field = str(signature.field_name)[:LONGEST_TEXT]
    found: Findings = {"field": field, "timestamp": is_stamp, "closes": False, "codes": ["broken"]}
    try:
        found["certificate"] = certificate_facts(signature.signer_cert)
        told = _of_stamp(signature, trust) if is_stamp else _of_signature(signature, trust, stamped)
        found |= told
        found["closes"] = not found["codes"] and signature.docmdp_level is MDPPerm.NO_CHANGES
    except CANNOT_BE_READ:
        return found
    if is_last and not found["codes"] and signature.coverage is not WHOLE[0]:
        found["codes"] = {"maintenance": [], "nothing": ["appended"]}.get(found["later"], ["changed_later"])
    return found


def _of_signature(signature: EmbeddedPdfSignature, trust: Trust, stamped: datetime | None) -> Findings:
    certificate, claimed = signature.signer_cert, signature.self_reported_timestamp
    if _is_weak(signature):
        return {"moment": _iso(claimed), **_of_weak(signature)}
    traced = trust.context(_traced_at(certificate, claimed, trust.now))
    status = validate_pdf_signature(signature, traced, ts_validation_context=trust.context())
    own, believes_own = _own_stamp(status, trust)
    proven = min((moment for moment in (own if believes_own else None, stamped) if moment), default=None)
    codes, notes = _faults(status), ["stamp_unknown"] if own and not believes_own else []
    if not codes:
        told = _about_certificate(certificate, status, trust, proven, claimed)
        codes, notes = told[0], notes + told[1]
    return {
        "moment": _iso(claimed),
        "proven": _iso(proven),
        "later": _later(signature, status),
        "codes": codes or ([] if status.bottom_line or "stamp_unknown" in notes else ["broken"]),
        "notes": notes,
    }


def _traced_at(certificate: x509.Certificate, claimed: datetime | None, now: datetime) -> datetime:
    """As of when the chain is traced to its root: a moment at which it was whole. Whether that counts is told apart."""
    for moment in (now, claimed):
        if moment and is_within(certificate, moment):
            return moment
    ended: datetime = certificate.not_valid_after
    return ended


def _of_stamp(signature: EmbeddedPdfSignature, trust: Trust) -> Findings:
    status: DocumentTimestampStatus = validate_pdf_timestamp(signature, trust.context())
    codes = [] if status.intact and status.valid else ["altered"]
    if not codes and not _is_allowed(status):
        codes = ["changed_later"]
    if not codes and trust.revoked_since([signature.signer_cert, *(status.validation_path or ())]):
        codes = ["revoked"]
    if not codes and not status.trusted:
        codes = ["untrusted"]
    return {"proven": _iso(status.timestamp), "later": _later(signature, status), "codes": codes}


def _faults(status: PdfSignatureStatus) -> list[str]:
    """What is wrong with the bytes themselves."""
    if not status.intact:
        return ["altered"]
    if not status.valid:
        return ["broken"]
    return [] if _is_allowed(status) else ["changed_later"]


def _is_allowed(status: ModificationInfo) -> bool:
    """Whether only what the signature allows came after it. Time stamps carry no rule of their own."""
    if status.coverage not in WHOLE:
        return False
    if status.docmdp_ok is None:
        return status.modification_level in LATER
    return status.docmdp_ok


def _about_certificate(
    certificate: x509.Certificate,
    status: PdfSignatureStatus,
    trust: Trust,
    proven: datetime | None,
    claimed: datetime | None,
) -> tuple[list[str], list[str]]:
    """What speaks against the certificate, and what is only to be told of it (after ETSI EN 319 102-1)."""
    chain = [certificate, *(status.validation_path or ())]
    revoked, moment, notes = trust.revoked_since(chain), proven or claimed, []
    if revoked and not (proven and proven < revoked):
        return ["revoked_before" if proven else "revoked"], []
    if not status.trusted and not status.revoked:
        return ["untrusted"], []
    if moment and not is_within(certificate, moment):
        return ["not_valid_then"], []
    if not is_within(certificate, trust.now):
        if not proven:
            return ["expired"], []
        notes.append("expired_since")
    if revoked:
        notes.append("revoked_later")
    return [], notes


def _own_stamp(status: PdfSignatureStatus, trust: Trust) -> tuple[datetime | None, bool]:
    """The time stamp inside the signature, and whether it is to be believed."""
    stamp = status.timestamp_validity
    if stamp is None:
        return None, False
    revoked = trust.revoked_since([stamp.signing_cert, *(stamp.validation_path or ())])
    return stamp.timestamp, bool(stamp.intact and stamp.valid and stamp.trusted and not revoked)


def _is_weak(signature: EmbeddedPdfSignature) -> bool:
    """Whether it rests on a digest for which other content with the same digest can be made."""
    return str(signature.md_algorithm).lower() in WEAK


def _of_weak(signature: EmbeddedPdfSignature) -> Findings:
    """pyHanko refuses such a signature at once; what was done to the file is still to be told."""
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]  # pyHanko's, untyped
    told = signature.summarise_integrity_info()
    status = ModificationInfo(told["coverage"], told["diff_result"], told["docmdp_ok"])
    attributes = signature.signer_info["signed_attrs"]
    signed = next((one["values"][0].native for one in attributes if one["type"].native == "message_digest"), b"")
    if signed != signature.compute_digest():
        return {"codes": ["altered"]}
    return {"later": _later(signature, status), "codes": ["weak_digest"] if _is_allowed(status) else ["changed_later"]}


def _later(signature: EmbeddedPdfSignature, status: ModificationInfo) -> str:
    """What came after it: nothing, archival data, only signatures, forms, or something else."""
    level = status.modification_level
    later = LATER.get(level, "other") if level else "other"
    if later == "forms" and isinstance(status.diff_result, DiffResult):
        signed = {str(one.field_name) for one in signature.reader.embedded_signatures}
        if set(status.diff_result.changed_form_fields) <= signed:
            return "signatures"
    return later


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
