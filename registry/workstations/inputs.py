"""What people hand in about workstations: one form for page, API and spreadsheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..core.dates import Precision
from .enums import ActivityKind, ActivityState, Grade, WorkstationKind


@dataclass(frozen=True)
class StationDetails:
    """A station as entered; organisations and the agreement by their public ids, funding in 10,000 yuan (万元)."""

    title_zh: str
    kind: WorkstationKind
    founders: tuple[str, ...]
    host: str
    title_en: str = ""
    number: str = ""
    host_department: str = ""
    place: str = ""
    opening_hours: str = ""
    unveiled_on: date | None = None
    unveiled_precision: Precision = Precision.UNKNOWN
    term_from: date | None = None
    term_until: date | None = None
    agreement: str = ""
    fund_wan: Decimal | None = None
    remark: str = ""
    source: str = ""
    source_url: str = ""


@dataclass(frozen=True)
class ActivityDetails:
    """One activity. `number` is of what the kind counts; `master_plus` only where people were introduced."""

    kind: ActivityKind
    state: ActivityState
    day: date
    number: int = 1
    master_plus: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Targets:
    """A year's targets; kinds that are not named have none."""

    year: int
    targets: Mapping[ActivityKind, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """A decided grade; the reason is required where it differs from the suggestion or replaces a decided one."""

    year: int
    grade: Grade
    reason: str = ""


@dataclass(frozen=True)
class ContactChoice:
    """Whom a side names: `slot` is "head" or the side's public id, `contact` a contact's, empty for nobody."""

    slot: str
    contact: str = ""
