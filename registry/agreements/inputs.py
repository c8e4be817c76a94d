"""What people hand in, checked by `schemas` and taken by `services`: one form for page, API and spreadsheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..core.dates import Precision
from .models import (
    AgreementKind,
    Disclosure,
    DocumentKind,
    LegalResult,
    PartyRole,
    Retention,
    SealKind,
    Secrecy,
    SignatureMethod,
)


@dataclass(frozen=True)
class PartyLine:
    """One party in its order. `organisation` is a public id; empty where a historic source only reports a name."""

    organisation: str = ""
    name_as_reported: str = ""
    role: PartyRole = PartyRole.PARTY
    department: str = ""
    representative: str = ""


@dataclass(frozen=True)
class NumberRules:
    """How an organisation numbers: its word, other words by kind, and whether all are counted in common."""

    prefix: str
    kinds: Mapping[AgreementKind, str] = field(default_factory=dict)
    in_common: bool = False


@dataclass(frozen=True)
class ArticleText:
    """An article as the clerk left it; {{variables}} stay in place."""

    key: str
    heading_zh: str
    text_zh: str
    heading_en: str = ""
    text_en: str = ""


@dataclass(frozen=True)
class TaskRow:
    """A row that the clerk adds to the table of commitments; `obligor` and `support` are codes of parties.

    A row that was saved before has its `code` already.
    """

    task: str
    obligor: str = "all"
    support: str = ""
    target: str = ""
    unit: str = ""
    period: str = ""
    rule: str = ""
    evidence: str = ""
    code: str = ""


@dataclass(frozen=True)
class Term:
    """How long: months, or an explicit last day (which wins), or open-ended; empty where nobody knows."""

    months: int | None = None
    expires_on: date | None = None
    open_ended: bool = False
    planned_effective_on: date | None = None


@dataclass(frozen=True)
class Draft:
    """A draft as entered. `articles` empty means: as in the model text."""

    kind: AgreementKind
    title_zh: str
    parties: tuple[PartyLine, ...]
    title_en: str = ""
    template: str = ""
    variables: Mapping[str, Any] = field(default_factory=dict)
    articles: tuple[ArticleText, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    term: Term = Term()
    copies_total: int | None = None
    copies_each: int | None = None
    signing_place: str = ""
    has_funding: bool = False
    language: str = "zh"


@dataclass(frozen=True)
class HistoricRecord:
    """An agreement that was signed before it was entered (补录); what the source does not say stays empty."""

    kind: AgreementKind
    title_zh: str
    parties: tuple[PartyLine, ...]
    source: str
    title_en: str = ""
    source_url: str = ""
    number: str = ""
    signed_on: date | None = None
    signed_precision: Precision = Precision.UNKNOWN
    effective_on: date | None = None
    term: Term = Term()
    signing_place: str = ""


@dataclass(frozen=True)
class Opinion:
    """A reviewer's word on one clearance step."""

    text: str = ""
    legal_result: LegalResult | None = None
    skip_legality_review: bool = False
    minutes_number: str = ""
    minutes_on: date | None = None


@dataclass(frozen=True)
class SignatureDetails:
    """One signature with the use of the seal, as the seal keeper notes them from the paper."""

    name: str
    signed_on: date
    sealed_on: date
    copies: int
    title: str = ""
    is_proxy: bool = False
    method: SignatureMethod = SignatureMethod.WET_INK
    seal: SealKind = SealKind.OFFICIAL


@dataclass(frozen=True)
class DigitalDetails:
    """Who signs digitally, over which bytes (the digest of the file that was shown)."""

    name: str
    reviewed_sha256: str
    title: str = ""
    is_proxy: bool = False


@dataclass(frozen=True)
class SigningForm:
    """The form under the file: what is signed by whom, and the proof of who it is."""

    details: DigitalDetails
    current_password: str
    code: str


@dataclass(frozen=True)
class PaperDetails:
    """What the uploader says of a party's paper; `parties` are public ids, `origin` the electronic-seal system."""

    kind: DocumentKind
    parties: Sequence[str] = ()
    checked_by_eye: bool = False
    origin: str = ""


@dataclass(frozen=True)
class ChangeDetails:
    """What a change of an agreement in force is about; `leaving` are positions of parties, days are legal days."""

    reason: str = ""
    effective_from: date | None = None
    leaving: frozenset[int] = frozenset()
    arrangements: str = ""


@dataclass(frozen=True)
class NoticeDetails:
    """A party's written notice to end the agreement: whose (public id), when it arrived, its period in days."""

    party: str
    received_on: date
    notice_days: int
    reason: str


@dataclass(frozen=True)
class ArchiveDetails:
    """How a signed paper is filed: its number in the archive, for how long, and where the paper itself lies."""

    number: str
    retention: Retention
    secrecy: Secrecy
    disclosure: Disclosure
    originals: int
    place: str = ""
