"""Whether a file is a registered paper, byte by byte, and what the registry knows of it beyond its bytes. 登记比对.

Three cases: the file is registered; it begins with a registered file and something was added (see `growth`); or it is
foreign. Only a file that at least begins with registered bytes can pass: whoever holds a good certificate could sign
anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.i18n import Message, msg
from ..documents import certificates, verdicts
from ..documents.judging.states import worst
from ..documents.verdicts import FileVerdict, SignatureVerdict, State, own_trust
from . import growth, known_signatures, record, statements, verification
from .growth import Growth
from .known_signatures import KnownSignature
from .record import Reading
from .record_changes import Difference
from .record_due import differences_from_registered
from .verification import PublicFile, PublicRecord

UNKNOWN_CODE = msg("The code is not known, so the file cannot be compared")
NOT_OURS = msg("The file is not one of this registry: it is no registered paper and names no registered agreement")
DIFFERS = msg("The file differs from every registered paper of this agreement: it was altered or is not ours")
ELSEWHERE = msg("The file is genuine but belongs to another agreement")
NAMES_ANOTHER = msg("The record inside the file names another agreement")
NOT_EXAMINED = msg("The signatures in the file could not be examined, so only its bytes were compared; try again later")
GROWN = msg("The file begins with a registered paper, but something was added to it afterwards")
ONLY_SIGNATURES = msg("Nothing but signatures was added; the content that was signed before is unaltered")
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


@dataclass(frozen=True)
class Case:
    """A file beside the agreement that it is compared with; `paper` is the registered file that it begins with."""

    data: bytes
    verdict: FileVerdict
    reading: Reading
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
    return _compared(data, verdict, record.read(verdict.record), found)


def judge_alone(data: bytes) -> Judgement:
    """The verdict on a file without a code: its digest, else the record inside, tells which agreement it belongs to.

    What a record merely claims opens nothing: the agreement is told only for a file with registered bytes. Raises
    Unavailable.
    """
    verdict = _verdict(data)
    reading = record.read(verdict.record)
    found = verification.of_file(verdict.sha256) or _claimed(verdict, reading)
    if found is None:
        return _judgement(verdict, State.INVALID, (NOT_OURS, *_broken(verdict)))
    return _compared(data, verdict, reading, found)


def _claimed(verdict: FileVerdict, reading: Reading) -> PublicRecord | None:
    """The agreement that the record names, the one that was signed before the one that is there now."""
    ids = [record.read(verdict.record_then).registry_id if verdict.record_then else "", reading.registry_id]
    found = (verification.of_registry_id(one) for one in ids if one)
    return next((one for one in found if one), None)


def _verdict(data: bytes) -> FileVerdict:
    return verdicts.judge(data, own_trust(certificates.revocations()), public=True)


def _compared(data: bytes, verdict: FileVerdict, reading: Reading, found: PublicRecord) -> Judgement:
    paper = known_signatures.beginning(data, verdict.sha256, found.files)
    case = Case(data, verdict, reading, found, paper, known_signatures.inside(data, found.public_id))
    if paper is None:
        return _foreign(case)
    return replace(_registered(case) if case.is_registered else _grown(case), found=found)


def _registered(case: Case) -> Judgement:
    """Byte by byte what the registry keeps: its signatures, then what became of it since, decide."""
    verdict, paper = case.verdict, case.paper
    assert paper is not None  # noqa: S101 - the caller looked
    changed = _changes(case)
    faults = [*statements.voids(case.found, paper), *known_signatures.withdrawn(case.known)]
    if changed:
        faults.append(record.OTHER_DIGEST)
    notes = statements.notes(case.found, paper, verdict, case.known)
    if faults:
        return _judgement(verdict, State.INVALID, faults, notes, changed)
    state, decisive = _decided(case)
    return _judgement(verdict, state, (statements.what_it_is(case.found, paper), *decisive), notes)


def _decided(case: Case) -> tuple[State, Sequence[Message]]:
    """What the signatures in registered bytes make of them."""
    verdict = case.verdict
    if not verdict.examined:
        return State.UNDECIDED, (NOT_EXAMINED,)
    if not verdict.signatures:
        return State.VALID, ()
    others = known_signatures.with_other_certificates(verdict, case.known)
    own = () if verdict.state is State.VALID else verdict.reasons
    return worst((verdict.state, State.UNDECIDED if others else State.VALID)), (*own, *others)


def _grown(case: Case) -> Judgement:
    """Registered bytes, then others. What counts are the signatures of the paper: they must be there as they were."""
    assert case.paper is not None  # noqa: S101 - the caller looked
    paper = _verdict(case.data[: case.paper.size])
    # Whether the file is closed, and who is missing, is not for an addition to say.
    case = replace(case, verdict=replace(case.verdict, closed=paper.closed, empty=paper.empty))
    verdict, changed = case.verdict, _changes(case)
    hidden = [one for one in (paper, verdict) if not one.examined]
    if hidden:
        return _judgement(verdict, worst(one.state for one in hidden), (GROWN, *hidden[-1].reasons))
    grown = Growth.FOREIGN if changed else growth.of(paper, verdict)
    told = [known_signatures.told_unknown(one) for one in growth.added(paper, verdict)]
    if grown is Growth.FOREIGN:
        return _judgement(verdict, State.INVALID, (GROWN, *_broken(verdict)), told, changed)
    if grown is Growth.SIGNATURES:
        return _judgement(verdict, State.UNDECIDED, (GROWN, *told, ONLY_SIGNATURES, *_broken(verdict)))
    as_registered = _registered(case)
    return replace(as_registered, notes=(ARCHIVED, *as_registered.notes))


def _foreign(case: Case) -> Judgement:
    verdict = case.verdict
    named = case.reading.registry_id
    if verification.of_file(verdict.sha256):
        return _judgement(verdict, State.INVALID, (ELSEWHERE,))
    if named and named != case.found.public_id and verification.of_registry_id(named):
        return _judgement(verdict, State.INVALID, (DIFFERS, NAMES_ANOTHER, *_broken(verdict)))
    return _judgement(verdict, State.INVALID, (DIFFERS, *_broken(verdict)), (), _differences(case))


def _differences(case: Case) -> Sequence[Difference]:
    """Compared with what has a public paper only: a record may not be used to guess at a text that nobody was shown."""
    if not case.verdict.record or case.found.is_withdrawn:
        return ()
    shown = frozenset(file.revision for file in case.found.files)
    return differences_from_registered(case.verdict.record, case.reading, case.found.public_id, shown)


def _changes(case: Case) -> Sequence[Difference]:
    """Its address may have been another when the file was made; nothing else in a registered record may differ."""
    return [one for one in _differences(case) if one.path != (record.SCHEMA_KEY,)]


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
    )
