"""What services take: made by schemas from forms, by importers from rows. 输入."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .arrangement import Days
from .former import Span
from .models import OrganisationKind, Tie


@dataclass(frozen=True)
class OrganisationDetails:
    """Everything but the Chinese name, which changes by renaming only.

    `superior` is a public id or empty; `superior_tie` says how the organisation belongs to it.
    """

    kind: OrganisationKind
    name_en: str
    short_zh: str
    short_en: str
    uscc: str | None
    moe_code: str | None
    region_code: str
    superior: str
    superior_tie: Tie | None
    address: str
    authority: str
    note: str


@dataclass(frozen=True)
class NewOrganisation:
    """An organisation to add; `is_distinct` says that similar names were looked at."""

    name_zh: str
    details: OrganisationDetails
    is_distinct: bool = False


@dataclass(frozen=True)
class Renaming:
    """A new name since a day, or the right spelling of the present one."""

    name_zh: str
    name_en: str
    changed_on: date | None
    is_correction: bool


@dataclass(frozen=True)
class FormerName:
    """A former name with its days and where they are known from."""

    name_zh: str
    name_en: str
    span: Span
    source: str


@dataclass(frozen=True)
class MergeOrder:
    """Merge into the organisation `target`; `choices` says whose value stands where both have one of their own.

    `choices` maps a field to "survivor" or "duplicate"; `seen` is the digest of the preview that was looked at.
    """

    target: str
    reason: str
    choices: Mapping[str, str]
    seen: str


@dataclass(frozen=True)
class Closing:
    """The last day has passed on `closed_on`; `successor` is a public id or empty."""

    closed_on: date
    reason: str
    successor: str


@dataclass(frozen=True)
class ContactDetails:
    """A work contact; an empty `phone` leaves a stored one as it is unless `drop_phone`."""

    name: str
    title: str
    office: str
    phone: str
    purpose: str
    drop_phone: bool = False


@dataclass(frozen=True)
class Arrangement:
    """A whole year's exceptions from the week, and the number of the notice that they were read in."""

    year: int
    source: str
    days: Days
