"""The verdict about a file that somebody hands in: each signature, with the reasons in plain words. 核验结论."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..core.errors import Unavailable
from .inspection.kinds import LARGEST_BYTES, PDF, media_type
from .judging import words
from .judging.findings import CertificateFacts, FileVerdict, SignatureVerdict
from .judging.remembered import Remembered
from .judging.states import State, worst
from .judging.trusting import Trust, certificate_facts
from .places import places
from .signing import NoSigningKey, own_signer, revocation_lists, trusted_roots
from .workers.frames import Frame
from .workers.parent import Failed, Pool, pool_of

__all__ = [
    "CertificateFacts",
    "FileVerdict",
    "SignatureVerdict",
    "State",
    "Trust",
    "judge",
    "own_certificate",
    "own_trust",
]

JUDGE = "registry.documents.judging.worker"
SECONDS, SECONDS_FOR_STRANGERS = 30, 8
FOR_STRANGERS = {"REGISTRY_JUDGE": "public"}  # an environment of its own makes a pool of its own
FAILURES = {"unreadable": (State.INVALID, words.UNREADABLE), "too_many": (State.UNDECIDED, words.TOO_MANY)}

_remembered = Remembered()


def own_trust(revoked: Mapping[str, datetime] | None = None) -> Trust:
    """The roots and lists of the application whose context is open, and what its table knows as revoked."""
    where = places()
    return Trust(tuple(trusted_roots(where)), tuple(revocation_lists(where)), revoked or {})


def own_certificate() -> CertificateFacts | None:
    """What the registry closes files with; None where it has no key."""
    try:
        certificate = own_signer(places()).signing_cert
    except NoSigningKey:
        return None
    return CertificateFacts.of(certificate_facts(certificate)) if certificate else None


def judge(data: bytes, trust: Trust | None = None, *, public: bool = False) -> FileVerdict:
    """Judge a file by its signatures, by our own trust unless another is given, and without asking anybody.

    A genuine file of another agreement is valid here: whether it is the agreement asked for, and in force, is the
    caller's to compare. Verdicts are remembered by digest for the day, but none that came of a failure: that may pass.
    `public` is for what strangers hand in: it has less time, and nobody who signs waits behind it. Raises Unavailable
    when too many are judged.
    """
    trust = trust or own_trust()
    digest = hashlib.sha256(data).hexdigest()
    key = _key(digest, trust)
    verdict = _remembered.get(key) or _judge(data, digest, trust, public=public)
    if verdict.examined:
        _remembered.put(key, verdict)
    return verdict


def _key(digest: str, trust: Trust) -> str:
    """Certificates expire, so a verdict holds for its day."""
    revoked = repr(sorted(trust.revoked.items())).encode()
    known = [digest.encode(), trust.now.date().isoformat().encode(), revoked, *trust.roots, b"|", *trust.lists]
    return hashlib.sha256(b"".join(known)).hexdigest()


def _judge(data: bytes, digest: str, trust: Trust, *, public: bool) -> FileVerdict:
    if media_type(data) != PDF:
        return FileVerdict(State.UNDECIDED, (words.NOT_A_PDF,), (), digest)
    if len(data) > 4 * LARGEST_BYTES:
        return FileVerdict(State.UNDECIDED, (words.TOO_HARD,), (), digest, examined=False)
    revoked = {sha256: moment.isoformat() for sha256, moment in trust.revoked.items()}
    header = {"roots": len(trust.roots), "revoked": revoked, "now": trust.now.isoformat()}
    try:
        answer = _pool(public=public).ask(header, [data, *trust.roots, *trust.lists])
    except Failed as failed:
        if failed.code == "busy":
            raise Unavailable from failed
        state, told = FAILURES.get(failed.code, (State.UNDECIDED, words.TOO_HARD))
        return FileVerdict(state, (told,), (), digest, examined=False)
    return _sum_up(answer, digest)


def _pool(*, public: bool) -> Pool:
    return pool_of(JUDGE, FOR_STRANGERS, 1, SECONDS_FOR_STRANGERS) if public else pool_of(JUDGE, {}, 1, SECONDS)


def _sum_up(answer: Frame, digest: str) -> FileVerdict:
    header = answer.header
    signatures = tuple(_signature(found) for found in header["signatures"])
    present, then = answer.blobs[: header["records"]], answer.blobs[header["records"] :]
    state = worst(one.state for one in signatures) if signatures else State.UNDECIDED
    reasons = dict.fromkeys(reason for one in signatures if one.state is state for reason in one.reasons)
    more = [words.change_in_words(code, what) for code, what in header["changes"]]
    more += [words.SAVED_AGAIN] if header["saved_again"] else []
    if len(present) > 1:
        state, more = State.INVALID, [*more, words.MANY_RECORDS]
    return FileVerdict(
        state,
        (*(reasons if signatures else (words.NO_SIGNATURE,)), *more),
        signatures,
        digest,
        hashlib.sha256(present[0]).hexdigest() if present else "",
        record=present[0] if present else b"",
        record_then=then[0] if then else b"",
        closed=header["closed"],
        empty=tuple(header["empty"]),
    )


def _signature(found: Mapping[str, Any]) -> SignatureVerdict:
    told = [words.FINDINGS[code] for code in found["codes"]]
    good = words.GOOD_STAMP if found["timestamp"] else words.GOOD
    certificate = CertificateFacts.of(found["certificate"]) if "certificate" in found else None
    notes = [words.NOTES[code] for code in found.get("notes", ())]
    notes += [words.LATER[found["later"]]] if "later" in found and not told else []
    if certificate and certificate.is_development:
        notes.append(words.DEVELOPMENT)
    return SignatureVerdict(
        signer=certificate.name if certificate else "",
        moment=_moment(found.get("moment", "")),
        state=worst(state for state, _ in told),
        reasons=tuple(reason for _, reason in told) or (good,),
        field=found["field"],
        proven=_moment(found.get("proven", "")),
        certificate=certificate,
        notes=tuple(notes),
        is_timestamp=found["timestamp"],
        closes=found["closes"],
        later=found.get("later", ""),
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
