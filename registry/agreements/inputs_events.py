"""What people hand in about signing events and historic records. 签约活动与补录的输入。"""

from dataclasses import dataclass, field
from datetime import date

from ..core.dates import Precision
from .inputs import Term
from .models import AgreementKind

UNKNOWN_TERM = Term()


@dataclass(frozen=True)
class ProgrammeRow:
    """One item of the programme: when, what, who."""

    item: str
    time: str = ""
    who: str = ""


@dataclass(frozen=True)
class EventDetails:
    """A signing event as entered; what nobody knows stays empty."""

    title_zh: str
    title_en: str = ""
    held_on: date | None = None
    held_precision: Precision = Precision.UNKNOWN
    place: str = ""
    programme: tuple[ProgrammeRow, ...] = ()
    source: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class BatchRow:
    """A line of a batch of historic records: both parties by their names; `line` counts from 1 as it was pasted."""

    line: int
    title: str
    party_a: str
    party_b: str
    kind: AgreementKind
    number: str = ""
    title_en: str = ""


@dataclass(frozen=True)
class FoundDetails:
    """Missing details of a historic record with their source.

    `organisations` maps the public id of a party that is known only as reported to that of its organisation.
    """

    source: str
    organisations: dict[str, str] = field(default_factory=dict)
    signed_on: date | None = None
    signed_precision: Precision = Precision.UNKNOWN
    effective_on: date | None = None
    term: Term = UNKNOWN_TERM
    number: str = ""
    signing_place: str = ""
