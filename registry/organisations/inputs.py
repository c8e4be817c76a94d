"""What services take: made by schemas from forms, by importers from rows. 输入."""

from dataclasses import dataclass
from datetime import date

from .arrangement import Days
from .models import OrganisationKind


@dataclass(frozen=True)
class OrganisationDetails:
    """Everything but the Chinese name, which changes by renaming only. `superior` is a public id or empty."""

    kind: OrganisationKind
    name_en: str
    short_zh: str
    short_en: str
    uscc: str | None
    moe_code: str | None
    region_code: str
    superior: str
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
