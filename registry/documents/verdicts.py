"""The verdict about a file that somebody hands in: each signature, with the reasons in plain words. 核验结论."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Any

from ..core.errors import Unavailable
from ..core.i18n import Message, msg
from .inspection.kinds import LARGEST_BYTES, PDF, media_type
from .places import places
from .signing import revocation_lists, trusted_roots
from .workers.parent import Failed, pool_of

JUDGE = "registry.documents.judging.worker"
SECONDS = 30
REMEMBERED = 500


class State(StrEnum):
    """What can be said about a signature or a file."""

    VALID = "valid"
    UNDECIDED = "undecided"
    INVALID = "invalid"

    @property
    def label(self) -> Message:
        """The verdict's name for the reader."""
        return STATE_LABELS[self]


STATE_LABELS = {
    State.VALID: msg("Valid"),
    State.UNDECIDED: msg("Cannot be decided"),
    State.INVALID: msg("Invalid"),
}
GRAVITY = {State.VALID: 0, State.UNDECIDED: 1, State.INVALID: 2}
GOOD = msg("The signature is genuine, its signer is known, and nothing was changed afterwards")
FINDINGS: Mapping[str, tuple[State, Message]] = {
    "altered": (State.INVALID, msg("The content was changed after it was signed")),
    "changed_later": (State.INVALID, msg("Something was added or changed after the signature that it does not allow")),
    "broken": (State.INVALID, msg("The signature is damaged or was not made by the rules")),
    "revoked": (State.INVALID, msg("The signer's certificate was revoked")),
    "untrusted": (State.UNDECIDED, msg("The signer's certificate is not one that the registry knows, or has expired")),
}
NO_SIGNATURE = msg("The file carries no electronic signature; only its digest can be compared")
NOT_A_PDF = msg("The file is not a PDF; only its digest can be compared")
UNREADABLE = msg("The file's structure is damaged: it is not a file that the registry issued")
TOO_HARD = msg("The file could not be examined within the limits")


@dataclass(frozen=True)
class SignatureVerdict:
    """One signature: who, when by their own clock, and what is to be said about it."""

    signer: str
    moment: datetime | None
    state: State
    reasons: tuple[Message, ...]


@dataclass(frozen=True)
class FileVerdict:
    """The whole file: as bad as its worst signature. Digests let the caller find the record it belongs to."""

    state: State
    reasons: tuple[Message, ...]
    signatures: tuple[SignatureVerdict, ...]
    sha256: str
    record_sha256: str = ""


_remembered: OrderedDict[str, FileVerdict] = OrderedDict()
_lock = Lock()


def judge(data: bytes) -> FileVerdict:
    """Judge a file by its signatures, with our own trusted roots and without asking anybody.

    A genuine file of another agreement is valid here: whether it is the agreement asked for, and in force, is the
    caller's to compare. Verdicts are remembered by digest. Raises Unavailable when too many files are judged.
    """
    where = places()
    certificates = trusted_roots(where), revocation_lists(where)
    digest = hashlib.sha256(data).hexdigest()
    key = hashlib.sha256(b"".join([digest.encode(), *certificates[0], *certificates[1]])).hexdigest()
    with _lock:
        if key in _remembered:
            _remembered.move_to_end(key)
            return _remembered[key]
    verdict = _judge(data, digest, *certificates)
    with _lock:
        _remembered[key] = verdict
        if len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return verdict


def _judge(data: bytes, digest: str, roots: Sequence[bytes], lists: Sequence[bytes]) -> FileVerdict:
    if media_type(data) != PDF:
        return FileVerdict(State.UNDECIDED, (NOT_A_PDF,), (), digest)
    if len(data) > 4 * LARGEST_BYTES:
        return FileVerdict(State.UNDECIDED, (TOO_HARD,), (), digest)
    try:
        answer = pool_of(JUDGE, {}, 1, SECONDS).ask({"roots": len(roots)}, [data, *roots, *lists])
    except Failed as failed:
        if failed.code == "busy":
            raise Unavailable from failed
        unreadable = failed.code in ("unreadable", "crash")
        return FileVerdict(
            State.INVALID if unreadable else State.UNDECIDED, (UNREADABLE if unreadable else TOO_HARD,), (), digest
        )
    signatures = tuple(_signature(found) for found in answer.header["signatures"])
    return _sum_up(signatures, digest, str(answer.header["record_sha256"]))


def _sum_up(signatures: tuple[SignatureVerdict, ...], digest: str, record: str) -> FileVerdict:
    if not signatures:
        return FileVerdict(State.UNDECIDED, (NO_SIGNATURE,), (), digest, record)
    worst = max((one.state for one in signatures), key=GRAVITY.__getitem__)
    reasons = dict.fromkeys(reason for one in signatures if one.state is worst for reason in one.reasons)
    return FileVerdict(worst, tuple(reasons), signatures, digest, record)


def _signature(found: Mapping[str, Any]) -> SignatureVerdict:
    told = [FINDINGS[code] for code in found["codes"]] or [(State.VALID, GOOD)]
    return SignatureVerdict(
        signer=found["signer"],
        moment=datetime.fromisoformat(found["moment"]) if found["moment"] else None,
        state=max((state for state, _ in told), key=GRAVITY.__getitem__),
        reasons=tuple(reason for _, reason in told),
    )
