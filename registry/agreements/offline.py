"""What a file says of itself, without the registry: its signatures, and its record by its own digest. 离线核验."""

from dataclasses import dataclass

from ..core.i18n import Message, msg
from ..documents import verdicts
from ..documents.judging.states import worst
from ..documents.verdicts import CertificateFacts, FileVerdict, State, Trust
from . import record
from .holders import strangers
from .record_changes import Difference, differences
from .statements import of_signing

NOT_COMPARED = msg("The file was not compared with the registry: whether it still counts, only the registry knows")
WHOSE_CLOSING = msg("Whether the registry itself closed the file is to be told by the certificate of that signature")
NO_RECORD = msg("The file holds no machine-readable record")


@dataclass(frozen=True)
class Examination:
    """The verdict with what the record adds. `differences` compare the record with itself as it was signed."""

    state: State
    reasons: tuple[Message, ...]
    notes: tuple[Message, ...]
    verdict: FileVerdict
    differences: tuple[Difference, ...] = ()


def examine(data: bytes, trust: Trust, own: CertificateFacts | None = None) -> Examination:
    """Judge a file by the given trust alone; `own` is the registry's certificate, where the trust is the registry's.

    Raises Unavailable when too many files are being judged.
    """
    verdict = verdicts.judge(data, trust)
    reading = record.read(verdict.record)
    faults = reading.faults if verdict.record else ()
    changed = _since_signed(verdict)
    notes = (
        *(of_signing(verdict) if verdict.signatures else ()),
        *(() if verdict.record else (NO_RECORD,)),
        *(() if own or not verdict.closed else (WHOSE_CLOSING,)),
        NOT_COMPARED,
    )
    doubts = tuple(strangers(verdict, reading.fields, own))
    if (faults == (record.UNKNOWN_FORM,) or (doubts and not faults)) and not changed:  # a later release may know it
        told = verdict.reasons if faults or verdict.state is not State.VALID else ()
        return Examination(worst((verdict.state, State.UNDECIDED)), (*told, *faults, *doubts), notes, verdict)
    if faults or changed:
        decisive = verdict.reasons if verdict.state is State.INVALID else ()
        return Examination(State.INVALID, (*decisive, *faults), notes, verdict, changed)
    return Examination(verdict.state, verdict.reasons, notes, verdict)


def _since_signed(verdict: FileVerdict) -> tuple[Difference, ...]:
    if not verdict.record_then or verdict.record_then == verdict.record:
        return ()
    now, then = record.read(verdict.record).fields, record.read(verdict.record_then).fields
    return differences(now, then)
