"""What people hand in about docking cases: one form for page, API and spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from .enums import DropReason, Stage


@dataclass(frozen=True)
class CaseDetails:
    """A case as entered. The enterprise is one of the directory (public id), or a name as reported with its USCC.

    `region` empty means: the locality of the enterprise of the directory. `agreement` is a public id. `registered_on`,
    `posts` and `headcount` belong to the first stage: they count when the case is entered, later they are corrected.
    """

    university: str
    enterprise: str = ""
    enterprise_as_reported: str = ""
    uscc: str | None = None
    bureau: str = ""
    region: str = ""
    industry: str = ""
    majors: str = ""
    posts: int | None = None
    headcount: int | None = None
    contact: str = ""
    responsible: str = ""
    agreement: str = ""
    remark: str = ""
    registered_on: date | None = None
    source: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class Link:
    """Another record that the case came from or belongs to."""

    kind: str
    public_id: str


@dataclass(frozen=True)
class StageDetails:
    """A stage that was reached: its day, counts by name, evidence in words and as an address.

    `skip_reason` is why the stages before it were left out, where there are any.
    """

    actual_on: date
    counts: Mapping[str, int | None] = field(default_factory=dict)
    evidence: str = ""
    evidence_url: str = ""
    skip_reason: str = ""


@dataclass(frozen=True)
class Correction:
    """Other counts, another day or evidence of a stage that was reached; a reason where something known changes."""

    actual_on: date
    counts: Mapping[str, int | None] = field(default_factory=dict)
    evidence: str = ""
    evidence_url: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Loss:
    """Why a case came to nothing."""

    drop_reason: DropReason
    words: str


Plan = Mapping[Stage, date | None]
