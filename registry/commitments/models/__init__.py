"""Tables of commitments, their periods, what happened to them, and the ledger that lists read. 承诺台账."""

from .commitment import Commitment, CommitmentSide, CommitmentVisibility
from .period import CommitmentEvidence, CommitmentPeriod, PeriodEvent, PeriodVoice
from .standing import MILLION, CommitmentTotal, PeriodStanding

__all__ = [
    "MILLION",
    "Commitment",
    "CommitmentEvidence",
    "CommitmentPeriod",
    "CommitmentSide",
    "CommitmentTotal",
    "CommitmentVisibility",
    "PeriodEvent",
    "PeriodStanding",
    "PeriodVoice",
]
