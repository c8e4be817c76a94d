"""Tables of regions, organisations and contacts."""

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.access.decision import Actor
from ..core.access.scope import scoped
from ..core.access.table import Relation
from ..core.dates import Precision
from ..core.db import Identified, Model, Stamped, Versioned, enum_type
from ..core.errors import Conflict
from ..core.i18n import Message, msg
from .former import ONE_DAY, Span, present_since
from .names import initials_of, pinyin_of


class RegionKind(StrEnum):
    """Level of a region."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"

    @property
    def label(self) -> Message:
        """The kind's name for the reader."""
        return REGION_LABELS[self]


REGION_LABELS = {
    RegionKind.PROVINCE: msg("Province"),
    RegionKind.CITY: msg("City"),
    RegionKind.COUNTY: msg("County or district"),
    RegionKind.ZONE: msg("Functional zone"),
}


class OrganisationKind(StrEnum):
    """What an organisation is."""

    HR_DEPARTMENT = "hr_department"
    HR_BUREAU = "hr_bureau"
    TALENT_CENTRE = "talent_centre"
    UNIVERSITY = "university"
    ENTERPRISE = "enterprise"
    ZONE_ADMIN = "zone_admin"
    EDUCATION_DEPARTMENT = "education_department"
    OTHER = "other"

    @property
    def label(self) -> Message:
        """The kind's name for the reader."""
        return KIND_LABELS[self]


class OrganisationStatus(StrEnum):
    """Whether an organisation still exists under its own name."""

    ACTIVE = "active"
    MERGED = "merged"
    CLOSED = "closed"

    @property
    def label(self) -> Message:
        """The status for the reader."""
        return STATUS_LABELS[self]


class Tie(StrEnum):
    """How an organisation belongs to another: 组成部门, 主管单位, 挂靠单位."""

    COMPONENT = "component"
    SUPERVISED = "supervised"
    ATTACHED = "attached"

    @property
    def label(self) -> Message:
        """The tie, said of the one that belongs to the other."""
        return TIE_LABELS[self]


TIE_LABELS = {
    Tie.COMPONENT: msg("Component of"),
    Tie.SUPERVISED: msg("Supervised by"),
    Tie.ATTACHED: msg("Attached to"),
}
KIND_LABELS = {
    OrganisationKind.HR_DEPARTMENT: msg("Provincial HR department"),
    OrganisationKind.HR_BUREAU: msg("HR bureau"),
    OrganisationKind.TALENT_CENTRE: msg("Talent service centre"),
    OrganisationKind.UNIVERSITY: msg("University"),
    OrganisationKind.ENTERPRISE: msg("Enterprise"),
    OrganisationKind.ZONE_ADMIN: msg("Zone administration"),
    OrganisationKind.EDUCATION_DEPARTMENT: msg("Education department"),
    OrganisationKind.OTHER: msg("Other"),
}
STATUS_LABELS = {
    OrganisationStatus.ACTIVE: msg("In operation"),
    OrganisationStatus.MERGED: msg("Merged"),
    OrganisationStatus.CLOSED: msg("Dissolved"),
}


class Region(Model):
    """A province, city, county or zone. Codes of GB/T 2260, or LOCAL ones such as Shenfu's 21Z001."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80))
    short_zh: Mapped[str] = mapped_column(String(30), default="")
    kind: Mapped[RegionKind] = mapped_column(enum_type(RegionKind))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("region.code"), index=True)
    code_system: Mapped[str] = mapped_column(String(12), default="GB/T 2260")
    sort_order: Mapped[int] = mapped_column(default=0)
    is_reporting_locality: Mapped[bool] = mapped_column(default=False)
    grid_row: Mapped[int | None]
    grid_column: Mapped[int | None]

    parent: Mapped["Region | None"] = relationship(remote_side=[code])


class IndustrySection(Model):
    """A section A–T of GB/T 4754-2017."""

    __tablename__ = "industry_section"

    code: Mapped[str] = mapped_column(String(1), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(160))
    divisions: Mapped[str] = mapped_column(String(20))


class WorkdayKind(StrEnum):
    """How a day differs from its weekday."""

    HOLIDAY = "holiday"
    WORKDAY = "workday"


class WorkdayYear(Identified, Versioned, Model):
    """A year whose arrangement is recorded as a whole: days without an exception follow the week.

    `source` is the notice's number, 国办发明电〔2025〕7号; empty for years that older versions had loaded.
    """

    __tablename__ = "workday_year"

    year: Mapped[int] = mapped_column(unique=True)
    source: Mapped[str] = mapped_column(String(200))

    @property
    def audit_label(self) -> str:
        """What the audit calls it."""
        return f"{self.year}年工作日安排"


class WorkdayOverride(Model):
    """A public holiday, or a working Saturday or Sunday (调休), as the State Council's notice says."""

    __tablename__ = "workday_override"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[WorkdayKind] = mapped_column(enum_type(WorkdayKind))
    holiday_zh: Mapped[str] = mapped_column(String(40), default="")


class Organisation(Identified, Versioned, Stamped, Model):
    """A locality's department, a university, an enterprise… Identity is the MOE code or the USCC, never the name.

    `reference_code` ties a row of ours without such a code to its line of reference data. `added_by_id` is the
    organisation whose people added it; they, and who oversees them, may correct it as long as it `needs_check`.
    `superior_tie` says how it belongs to its superior. One that was recorded twice is `merged_into` the other record,
    never a merged one; one that ceased to exist has `closed_on` and, where its work went on, a `successor`.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        Index("ix_organisation_kind_name", "kind", "name_zh", "id"),
        CheckConstraint("superior_id <> id", name="not_its_own_superior"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("successor_id IS NULL OR status = 'closed'", name="successor"),
    )

    kind: Mapped[OrganisationKind] = mapped_column(enum_type(OrganisationKind))
    status: Mapped[OrganisationStatus] = mapped_column(enum_type(OrganisationStatus), default=OrganisationStatus.ACTIVE)
    name_zh: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str] = mapped_column(default="")
    short_zh: Mapped[str] = mapped_column(String(60), default="")
    short_en: Mapped[str] = mapped_column(String(100), default="")
    uscc: Mapped[str | None] = mapped_column(String(18), unique=True)
    moe_code: Mapped[str | None] = mapped_column(String(10), unique=True)
    reference_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    address: Mapped[str] = mapped_column(default="")
    superior_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    superior_tie: Mapped[Tie | None] = mapped_column(enum_type(Tie, "superior_tie"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    closed_on: Mapped[date | None]
    closing_reason: Mapped[str] = mapped_column(String(1000), default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    authority: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    needs_check: Mapped[bool] = mapped_column(default=False)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    pinyin: Mapped[str] = mapped_column(String(400), default="")
    initials: Mapped[str] = mapped_column(String(100), default="", index=True)

    region: Mapped[Region] = relationship()
    superior: Mapped["Organisation | None"] = relationship(
        remote_side="Organisation.id", foreign_keys="Organisation.superior_id"
    )
    added_by: Mapped["Organisation | None"] = relationship(
        remote_side="Organisation.id", foreign_keys="Organisation.added_by_id"
    )
    former_names: Mapped[list["OrganisationName"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="OrganisationName.id"
    )
    aliases: Mapped[list["OrganisationAlias"]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan", order_by="OrganisationAlias.id"
    )
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="organisation", foreign_keys="Contact.organisation_id"
    )
    overseers: Mapped[list["Oversight"]] = relationship(
        back_populates="organisation", foreign_keys="Oversight.organisation_id"
    )

    @property
    def audit_label(self) -> str:
        """Its name in the audit."""
        return self.name_zh

    @property
    def access_states(self) -> frozenset[str]:
        """Its status, for the policy table."""
        return frozenset({str(self.status)})

    def is_overseen_by(self, organisation_id: int) -> bool:
        """Whether that organisation stands above this one."""
        return any(row.overseer_id == organisation_id for row in self.overseers)

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """OWN for itself, SCOPE for itself, everything below, and what was added here or below and nobody checked."""
        if actor.organisation_id == self.id:
            return frozenset({Relation.OWN, Relation.SCOPE})
        within = self.is_overseen_by(actor.organisation_id) or (self.needs_check and self._was_added_by(actor))
        return frozenset({Relation.SCOPE}) if within else frozenset()

    def _was_added_by(self, actor: Actor) -> bool:
        """By the actor's organisation, or by one that it oversees."""
        adder = self.added_by
        return adder is not None and (adder.id == actor.organisation_id or adder.is_overseen_by(actor.organisation_id))

    @property
    def present_since(self) -> tuple[date | None, Precision]:
        """Since when it has its present name."""
        return present_since(self.former_names)

    def rename(self, name_zh: str, name_en: str, changed_on: date | None) -> None:
        """Take a new name; the old one is kept with the days it was valid, as far as they are known."""
        since, how_exactly = self.present_since
        former = OrganisationName(
            name_zh=self.name_zh, name_en=self.name_en, valid_from=since, valid_from_precision=how_exactly
        )
        if changed_on:
            former.valid_to, former.valid_to_precision = changed_on - ONE_DAY, Precision.DAY
        self.former_names.append(former)
        self.name_zh, self.name_en = name_zh, name_en

    def merge_into(self, target: "Organisation") -> None:
        """Live on in the other record of the same organisation; raises Conflict unless both are active and two."""
        self._must_be_active()
        if target is self or target.status is not OrganisationStatus.ACTIVE:
            raise Conflict(msg("Choose another organisation that is active"))
        self.status, self.merged_into_id = OrganisationStatus.MERGED, target.id

    def part_again(self) -> None:
        """Be a record of its own again; raises Conflict unless merged."""
        if self.status is not OrganisationStatus.MERGED:
            raise Conflict(msg("This organisation is not merged into another"))
        self.status, self.merged_into_id = OrganisationStatus.ACTIVE, None

    def close(self, on: date | None = None, reason: str = "", successor: "Organisation | None" = None) -> None:
        """Cease to exist, with a successor where its work goes on; raises Conflict unless active."""
        self._must_be_active()
        if successor is not None and (successor is self or successor.status is not OrganisationStatus.ACTIVE):
            raise Conflict(msg("Choose another organisation that is active"))
        self.status, self.closed_on, self.closing_reason = OrganisationStatus.CLOSED, on, reason
        self.successor_id = successor.id if successor else None

    def _must_be_active(self) -> None:
        if self.status is not OrganisationStatus.ACTIVE:
            raise Conflict(msg("This organisation has been dissolved or merged already"))


@event.listens_for(Organisation, "before_insert")
@event.listens_for(Organisation, "before_update")
def _index_names(_mapper: object, _connection: object, organisation: Organisation) -> None:
    """Pinyin and initials follow the names, whoever changes them."""
    organisation.pinyin = pinyin_of(organisation.name_zh, organisation.short_zh)
    organisation.initials = initials_of(organisation.name_zh, organisation.short_zh)


class OrganisationName(Identified, Model):
    """A former name with the days it was valid, as exactly as its source gives them."""

    __tablename__ = "organisation_name"
    __table_args__ = (Index("ix_organisation_name_name", "name_zh"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_from_precision: Mapped[Precision] = mapped_column(
        enum_type(Precision, "valid_from_precision"), default=Precision.UNKNOWN
    )
    valid_to: Mapped[date | None]
    valid_to_precision: Mapped[Precision] = mapped_column(
        enum_type(Precision, "valid_to_precision"), default=Precision.UNKNOWN
    )
    source: Mapped[str] = mapped_column(String(500), default="")

    organisation: Mapped[Organisation] = relationship(back_populates="former_names")

    @property
    def span(self) -> Span:
        """When it was valid."""
        return Span(self.valid_from, self.valid_from_precision, self.valid_to, self.valid_to_precision)


class OrganisationAlias(Model):
    """A short form or spelling that people use; two organisations may share one."""

    __tablename__ = "organisation_alias"
    __table_args__ = (UniqueConstraint("organisation_id", "alias"), Index("ix_organisation_alias_alias", "alias"))

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    alias: Mapped[str] = mapped_column(String(100))

    organisation: Mapped[Organisation] = relationship(back_populates="aliases")


class Oversight(Model):
    """Who oversees whom, at any distance: superiors, and a province's HR department for its whole region.

    Kept by `services`; scope is one lookup here instead of a walk up the tree.
    """

    __tablename__ = "oversight"
    __table_args__ = (Index("ix_oversight_organisation", "organisation_id"),)

    overseer_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id], back_populates="overseers")


class Contact(Identified, Versioned, Stamped, Model):
    """A work contact at an organisation: name, title, office and phone, nothing private (PIPL, article 6).

    `recorded_by_id` is the organisation whose address book it stands in. The phone is encrypted with a key outside the
    database; `phone_hint` is its masked form (138****5678). Erasing empties the fields and keeps the row.
    """

    __tablename__ = "contact"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(80), default="")
    office: Mapped[str] = mapped_column(String(120), default="")
    phone_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_hint: Mapped[str] = mapped_column(String(30), default="")
    purpose: Mapped[str] = mapped_column(default="")
    erased: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation] = relationship(back_populates="contacts", foreign_keys=[organisation_id])
    recorded_by: Mapped[Organisation] = relationship(foreign_keys=[recorded_by_id])

    @property
    def audit_label(self) -> str:
        """Whose contact it is; the audit holds no person's name longer than the contact itself."""
        return f"#{self.public_id[-6:]}"

    @property
    def access_states(self) -> frozenset[str]:
        """Erased or current, for the policy table."""
        return frozenset({"erased" if self.erased else "current"})

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """OWN for whose address book it stands in; SCOPE also for the contact's organisation, and for those above."""
        if actor.organisation_id == self.recorded_by_id:
            return frozenset({Relation.OWN, Relation.SCOPE})
        sides = (self.organisation, self.recorded_by)
        seen = any(side.id == actor.organisation_id or side.is_overseen_by(actor.organisation_id) for side in sides)
        return frozenset({Relation.SCOPE}) if seen else frozenset()

    def erase(self) -> None:
        """Forget the person; the row stays, so that what refers to it still stands (PIPL, article 47)."""
        self.name = self.title = self.office = self.purpose = self.phone_hint = ""
        self.phone_encrypted = None
        self.erased = True


def visible_contacts(viewer: int) -> ColumnElement[bool]:
    """Contacts of organisations in the viewer's scope, and contacts that these recorded about others."""
    below = select(Oversight.organisation_id).where(Oversight.overseer_id == viewer)
    return or_(
        Contact.organisation_id == viewer,
        Contact.recorded_by_id == viewer,
        Contact.organisation_id.in_(below),
        Contact.recorded_by_id.in_(below),
    )


scoped(Contact, visible_contacts)
