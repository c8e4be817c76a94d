"""Whether a file is a registered paper, byte by byte, and what the registry knows of it beyond its bytes. 登记比对.

Three cases: the file is registered; it begins with a registered file and something was added; or it is foreign. Only a
file that at least begins with registered bytes can pass: whoever holds a good certificate could sign anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.i18n import Message, msg
from ..documents import certificates, verdicts
from ..documents.verdicts import FileVerdict, SignatureVerdict, State, own_trust
from . import known_signatures, record, statements, verification
from .known_signatures import KnownSignature
from .record_changes import Difference
from .record_due import differences_from_registered
from .verification import PublicFile, PublicRecord

UNKNOWN_CODE = msg("The code is not known, so the file cannot be compared")
NOT_OURS = msg("The file is not one of this registry: it is no registered paper and names no registered agreement")
DIFFERS = msg("The file differs from every registered paper of this agreement: it was altered or is not ours")
ELSEWHERE = msg("The file is genuine but belongs to another agreement")
NAMES_ANOTHER = msg("The record inside the file names another agreement")
GROWN = msg("The file begins with a registered paper, but something was added to it afterwards")
ARCHIVED = msg("Data for archiving were added to the registered file; its content is unaltered")


@dataclass(frozen=True)
class Judgement:
    """The verdict on a file: three-valued, with its reasons in words and what is to be said of each signature.

    `reasons` decide it, `notes` are to be known beside; `found` is the agreement, where the file proves to be of it.
    """

    state: State
    reasons: tuple[Message, ...]
    signatures: tuple[SignatureVerdict, ...]
    sha256: str
    notes: tuple[Message, ...] = ()
    differences: tuple[Difference, ...] = ()
    found: PublicRecord | None = None
    closed: bool = False


@dataclass(frozen=True)
class Case:
    """A file beside the agreement that it is compared with; `paper` is the registered file that it begins with."""

    data: bytes
    verdict: FileVerdict
    found: PublicRecord
    paper: PublicFile | None
    known: Sequence[KnownSignature] = ()

    @property
    def is_registered(self) -> bool:
        """Whether it is that paper, byte by byte."""
        return self.paper is not None and self.paper.sha256 == self.verdict.sha256


def judge(data: bytes, found: PublicRecord | None) -> Judgement:
    """Whether the file is a registered paper of this agreement, and whether its signatures hold.

    Raises Unavailable when too many files are being judged.
    """
    verdict = _verdict(data)
    if found is None:
        return _judgement(verdict, State.UNDECIDED, (UNKNOWN_CODE,))
    return _compared(data, verdict, found)


def judge_alone(data: bytes) -> Judgement:
    """The verdict on a file without a code: its digest, else the record inside, tells which agreement it belongs to.

    What a record merely claims opens nothing: the agreement is told only for a file with registered bytes. Raises
    Unavailable.
    """
    verdict = _verdict(data)
    found = verification.of_file(verdict.sha256)
    if found:
        return _compared(data, verdict, found)
    claimed = _claimed(verdict)
    if claimed is None:
        return _judgement(verdict, State.INVALID, (NOT_OURS, *_broken(verdict)))
    return _compared(data, verdict, claimed)


def _claimed(verdict: FileVerdict) -> PublicRecord | None:
    """The agreement that the record names, the one that was signed before the one that is there now."""
    ids = [record.read(data).registry_id for data in (verdict.record_then, verdict.record) if data]
    found = (verification.of_registry_id(one) for one in ids if one)
    return next((one for one in found if one), None)


def _verdict(data: bytes) -> FileVerdict:
    return verdicts.judge(data, own_trust(certificates.revocations()))


def _compared(data: bytes, verdict: FileVerdict, found: PublicRecord) -> Judgement:
    paper = known_signatures.beginning(data, verdict.sha256, found.files)
    case = Case(data, verdict, found, paper, known_signatures.inside(data, found.public_id))
    if paper is None:
        return _foreign(case)
    return replace(_registered(case) if case.is_registered else _grown(case), found=found)


def _registered(case: Case) -> Judgement:
    """Byte by byte what the registry keeps: its signatures, then what became of it since, decide."""
    verdict, paper = case.verdict, case.paper
    assert paper is not None  # noqa: S101 - the caller looked
    # Its address may have been another when the file was made; nothing else in the record may differ.
    changed = [one for one in _differences(case) if one.path != (record.SCHEMA_KEY,)]
    faults = [*statements.voids(case.found, paper), *known_signatures.withdrawn(case.known)]
    if changed:
        faults.append(record.OTHER_DIGEST)
    notes = statements.notes(case.found, paper, verdict, case.known)
    if faults:
        return _judgement(verdict, State.INVALID, faults, notes, changed)
    if not verdict.signatures:
        return _judgement(verdict, State.VALID, (statements.what_it_is(case.found, paper),), notes)
    decisive = () if verdict.state is State.VALID else verdict.reasons
    return _judgement(verdict, verdict.state, (statements.what_it_is(case.found, paper), *decisive), notes)


def _grown(case: Case) -> Judgement:
    """Registered bytes, then others: further signatures the registry would know, so these are somebody's own."""
    verdict, changed = case.verdict, _differences(case)
    unknown = known_signatures.unknown(verdict, case.known)
    told = [known_signatures.told_unknown(one) for one in unknown]
    if changed or not verdict.signatures or verdict.state is State.INVALID:
        return _judgement(verdict, State.INVALID, (GROWN, *_broken(verdict)), told, changed)
    if unknown or verdict.state is State.UNDECIDED:
        return _judgement(verdict, State.UNDECIDED, (GROWN, *told, *_broken(verdict)))
    as_registered = _registered(case)
    return replace(as_registered, notes=(ARCHIVED, *as_registered.notes))


def _foreign(case: Case) -> Judgement:
    verdict = case.verdict
    named = record.read(verdict.record).registry_id if verdict.record else ""
    if verification.of_file(verdict.sha256):
        return _judgement(verdict, State.INVALID, (ELSEWHERE,))
    if named and named != case.found.public_id and verification.of_registry_id(named):
        return _judgement(verdict, State.INVALID, (DIFFERS, NAMES_ANOTHER, *_broken(verdict)))
    return _judgement(verdict, State.INVALID, (DIFFERS, *_broken(verdict)), (), _differences(case))


def _differences(case: Case) -> Sequence[Difference]:
    verdict = case.verdict
    return differences_from_registered(verdict.record, case.found.public_id) if verdict.record else ()


def _broken(verdict: FileVerdict) -> tuple[Message, ...]:
    """Why the file itself does not hold, where it does not; that it is unsigned is no news to a signing copy."""
    return verdict.reasons if verdict.state is not State.VALID and verdict.signatures else ()


def _judgement(
    verdict: FileVerdict,
    state: State,
    reasons: Sequence[Message],
    notes: Sequence[Message] = (),
    changed: Sequence[Difference] = (),
) -> Judgement:
    return Judgement(
        state,
        tuple(dict.fromkeys(reasons)),
        verdict.signatures,
        verdict.sha256,
        tuple(dict.fromkeys(notes)),
        tuple(changed),
        closed=verdict.closed,
    )
