"""The agreement, its parties, and who may see it."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, aliased, mapped_column, relationship

from ...accounts.models import User
from ...core.access.decision import Actor
from ...core.access.scope import scoped
from ...core.access.table import Relation
from ...core.dates import Precision
from ...core.db import Identified, Model, Stamped, Versioned, enum_type
from ...core.errors import Conflict
from ...core.i18n import Either, msg
from ...organisations.models import Organisation
from .archive_enums import ArchiveStatus
from .enums import AgreementKind, AgreementStatus, ClosureOutcome, PartyRole, RenewalDecision, RevisionStage

if TYPE_CHECKING:
    from .revision import AgreementRevision

S = AgreementStatus
TRANSITIONS: dict[AgreementStatus, frozenset[AgreementStatus]] = {
    S.DRAFT: frozenset({S.REVIEW, S.VOID}),
    S.REVIEW: frozenset({S.DRAFT, S.NEGOTIATION, S.VOID}),
    S.NEGOTIATION: frozenset({S.DRAFT, S.SIGNING, S.VOID}),
    S.SIGNING: frozenset({S.NEGOTIATION, S.SIGNED, S.IN_FORCE, S.VOID}),
    S.SIGNED: frozenset({S.IN_FORCE}),
    S.IN_FORCE: frozenset({S.SUSPENDED, S.CLOSED}),
    S.SUSPENDED: frozenset({S.IN_FORCE, S.CLOSED}),
    S.RECORDED_PENDING: frozenset({S.IN_FORCE, S.CLOSED, S.VOID}),
    S.CLOSED: frozenset(),
    S.VOID: frozenset(),
}
PAPER = frozenset({S.SIGNED, S.IN_FORCE, S.SUSPENDED, S.CLOSED})
"""States of an agreement that is signed, whatever became of it since."""


class Agreement(Identified, Versioned, Stamped, Model):
    """One signed (or to be signed) paper. Its terms here are the projection of the effective revision.

    `sort_on` is never empty: the signing date, else the day it was entered. `expires_on` is the last day in force.
    `number_series` tells from which count the registry gave the number; a number taken over from a paper has none.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("number_prefix", "number_year", "number_sequence", name="uq_agreement_number_parts"),
        UniqueConstraint(
            "issuer_id", "number_series", "number_year", "number_sequence", name="uq_agreement_number_series"
        ),
        Index("ix_agreement_number_register", "issuer_id", "number_year", "number_sequence"),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="outcome"),
        CheckConstraint("expires_on IS NULL OR effective_on IS NULL OR expires_on >= effective_on", name="term"),
        Index("ix_agreement_sort", "sort_on", "id"),
        Index("ix_agreement_status_sort", "status", "sort_on", "id"),
        Index("ix_agreement_status_expiry", "status", "expires_on"),
        Index("ix_agreement_status_effective", "status", "effective_on"),
        Index("ix_agreement_owner_expiry", "owner_id", "status", "expires_on"),
        Index("ix_agreement_signing_event", "signing_event_id", "signing_position"),
    )

    kind: Mapped[AgreementKind] = mapped_column(enum_type(AgreementKind))
    status: Mapped[AgreementStatus] = mapped_column(enum_type(AgreementStatus), default=AgreementStatus.DRAFT)
    outcome: Mapped[ClosureOutcome | None] = mapped_column(enum_type(ClosureOutcome))
    title_zh: Mapped[str]
    title_en: Mapped[str] = mapped_column(String(400), default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    handler_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"), index=True)
    # The event that it leaves is told apart from the one that it joins, also where the row has to be read for that.
    signing_event_id: Mapped[int | None] = mapped_column(ForeignKey("signing_event.id"), active_history=True)
    signing_position: Mapped[int | None]  # among the agreements of its event, from 1

    number: Mapped[str | None] = mapped_column(String(60), index=True)
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    number_prefix: Mapped[str | None] = mapped_column(ForeignKey("number_prefix.prefix"))
    number_year: Mapped[int | None]
    number_sequence: Mapped[int | None]
    number_series: Mapped[str | None] = mapped_column(String(20))

    has_funding: Mapped[bool] = mapped_column(default=False)

    signed_on: Mapped[date | None]
    signed_precision: Mapped[Precision] = mapped_column(
        enum_type(Precision, "signed_precision"), default=Precision.UNKNOWN
    )
    planned_effective_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    term_months: Mapped[int | None]
    open_ended: Mapped[bool] = mapped_column(default=False)
    expires_on: Mapped[date | None]
    signing_place: Mapped[str] = mapped_column(default="")
    sort_on: Mapped[date]

    source: Mapped[str] = mapped_column(String(1000), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    edited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    void_reason: Mapped[str] = mapped_column(String(1000), default="")
    closed_on: Mapped[date | None]
    closing_reason: Mapped[str] = mapped_column(String(1000), default="")
    renewal_decision: Mapped[RenewalDecision | None] = mapped_column(enum_type(RenewalDecision))
    renewal_reason: Mapped[str] = mapped_column(String(1000), default="")
    renewal_decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    renewal_decided_on: Mapped[date | None]
    is_historic: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    needs_details: Mapped[bool] = mapped_column(default=False)
    shared: Mapped[bool] = mapped_column(default=False)
    signs_in_order: Mapped[bool] = mapped_column(default=False)
    verification_code: Mapped[str | None] = mapped_column(String(32), unique=True)

    owner: Mapped[Organisation] = relationship(foreign_keys=[owner_id])
    handler: Mapped[User] = relationship(foreign_keys=[handler_id])
    parent: Mapped["Agreement | None"] = relationship(remote_side="Agreement.id", foreign_keys=[parent_id])
    renews: Mapped["Agreement | None"] = relationship(
        remote_side="Agreement.id", foreign_keys=[renews_id], back_populates="renewals"
    )
    renewals: Mapped[list["Agreement"]] = relationship(
        foreign_keys=[renews_id], back_populates="renews", order_by="Agreement.id"
    )
    all_parties: Mapped[list["AgreementParty"]] = relationship(
        back_populates="agreement",
        order_by="AgreementParty.position",
        primaryjoin="and_(Agreement.id == AgreementParty.agreement_id, AgreementParty.position > 0)",
    )
    revisions: Mapped[list["AgreementRevision"]] = relationship(
        back_populates="agreement", order_by="AgreementRevision.no"
    )
    visibility: Mapped[list["AgreementVisibility"]] = relationship(
        back_populates="agreement", cascade="all, delete-orphan"
    )

    @property
    def audit_label(self) -> str:
        """Number and title in the audit."""
        return f"{self.number or ''} {self.title_zh}".strip()

    @property
    def parties(self) -> list["AgreementParty"]:
        """Who is bound, or about to be by the first text; in their order."""
        return [party for party in self.all_parties if party.is_bound]

    @property
    def access_states(self) -> frozenset[str]:
        """For the policy table: its status, and where a revision of an agreement in force stands (`revision_…`)."""
        revision = self.open_revision
        on_its_way = {f"revision_{revision.stage}"} if revision and revision.is_follow_up else set()
        return frozenset({str(self.status), *on_its_way})

    @property
    def open_revision(self) -> "AgreementRevision | None":
        """The revision that people work on now; None when nothing is open."""
        return next((row for row in reversed(self.revisions) if row.is_open), None)

    @property
    def effective_revision(self) -> "AgreementRevision | None":
        """The revision whose terms hold; of an agreement that is signed for a later day, the one that will."""
        return self._newest(RevisionStage.EFFECTIVE)

    @property
    def pending_revision(self) -> "AgreementRevision | None":
        """The revision that everybody signed and whose day is still to come."""
        return self._newest(RevisionStage.SIGNED)

    @property
    def present_revision(self) -> "AgreementRevision | None":
        """The open revision, else the one in force, else the last: what papers and signatures of now belong to."""
        last = self.revisions[-1] if self.revisions else None
        return self.open_revision or self.effective_revision or last

    @property
    def told_revision(self) -> "AgreementRevision | None":
        """The text that every party knows of: a change counts once it was put before them."""
        revision = self.open_revision
        hidden = revision is not None and revision.is_follow_up and not revision.content_sha256
        return self.effective_revision if hidden else self.present_revision

    def _newest(self, stage: RevisionStage) -> "AgreementRevision | None":
        return next((row for row in reversed(self.revisions) if row.stage is stage), None)

    @property
    def has_begun(self) -> bool:
        """Whether it is signed, so that a change of its terms is a revision of its own."""
        return self.status in PAPER

    def advance(self, to: RevisionStage) -> None:
        """Move the open revision along its lane; while nothing of the agreement is signed, its status goes along.

        Raises Conflict for a step that the lane does not know, or when nothing is open.
        """
        revision = self.open_revision
        if revision is None:
            raise Conflict(msg("No revision of this agreement is open"))
        revision.move(to)
        if not self.has_begun:
            self.move(AgreementStatus(to))

    def move(self, to: AgreementStatus) -> None:
        """Change the status along `TRANSITIONS`; nothing else assigns it.

        Raises Conflict for a step that the lifecycle does not know.
        """
        if to not in TRANSITIONS[self.status]:
            raise Conflict(msg("This is not possible in the present state"))
        self.status = to

    def close(self, outcome: ClosureOutcome, on: date, reason: str = "") -> None:
        """End it with its outcome; `on` is the first day on which it no longer holds."""
        self.move(AgreementStatus.CLOSED)
        self.outcome, self.closed_on, self.closing_reason = outcome, on, reason

    @property
    def parties_now(self) -> list["AgreementParty"]:
        """Who is bound, and who is to join by a text that was put before the parties, or that they signed already."""
        on_their_way = [row for row in (self.open_revision, self.pending_revision) if row and row.content_sha256]
        named = {line["position"] for row in on_their_way for line in row.content["parties"]}
        return [party for party in self.all_parties if party.is_bound or party.position in named]

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """OWN for the owner, PARTY for parties once it is shared with them, COUNTERPART for those who do not own it."""
        found = set()
        if actor.organisation_id == self.owner_id:
            found |= {Relation.OWN}
        if any(party.organisation_id == actor.organisation_id for party in self.parties_now):
            if self.owner_id == actor.organisation_id:
                found |= {Relation.PARTY}
            elif self.shared:
                found |= {Relation.PARTY, Relation.COUNTERPART}
        if any(row.organisation_id == actor.organisation_id for row in self.visibility):
            found |= {Relation.SCOPE}
        return frozenset(found)


class AgreementParty(Identified, Model):
    """A party in its order 甲乙丙丁.

    A historic entry may know it only as reported (`organisation_id` empty: 待补). One that was dropped from a draft
    keeps its row under a negative position. One that is to join, or has left, is there without being bound. The
    snapshot columns are filled when signing starts: a party's name may change later, the paper's does not.
    """

    __tablename__ = "agreement_party"
    __table_args__ = (
        UniqueConstraint("agreement_id", "position"),
        UniqueConstraint("agreement_id", "organisation_id"),
        CheckConstraint("organisation_id IS NOT NULL OR name_as_reported <> ''", name="named"),
        Index("ix_agreement_party_organisation", "organisation_id", "agreement_id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    position: Mapped[int]
    role: Mapped[PartyRole] = mapped_column(enum_type(PartyRole), default=PartyRole.PARTY)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    name_as_reported: Mapped[str] = mapped_column(default="")
    department: Mapped[str] = mapped_column(String(120), default="")
    is_bound: Mapped[bool] = mapped_column(default=True)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    snapshot_name: Mapped[str] = mapped_column(default="")
    snapshot_name_en: Mapped[str] = mapped_column(default="")
    snapshot_code: Mapped[str] = mapped_column(String(18), default="")
    snapshot_address: Mapped[str] = mapped_column(default="")
    snapshot_representative: Mapped[str] = mapped_column(String(120), default="")

    agreement: Mapped[Agreement] = relationship(back_populates="all_parties")
    organisation: Mapped[Organisation | None] = relationship()

    @property
    def name(self) -> str:
        """The name on the paper, else the organisation's, else as reported."""
        return self.snapshot_name or (self.organisation.name_zh if self.organisation else self.name_as_reported)

    @property
    def called(self) -> Either:
        """The name in messages, in the reader's language."""
        return Either(self.name, self.snapshot_name_en or (self.organisation.name_en if self.organisation else ""))


class AgreementVisibility(Model):
    """Which organisation sees which agreement, with the list's sort key and status beside it.

    One row for the owner, each party once shared, and everyone who oversees one of them. Lists read one organisation's
    rows in order, so a page costs the same at any size of the table. `archive_due_on` is the first day by which
    something of it has to be filed.
    """

    __tablename__ = "agreement_visibility"
    __table_args__ = (
        Index("ix_agreement_visibility_list", "organisation_id", "sort_on", "agreement_id"),
        Index("ix_agreement_visibility_status", "organisation_id", "status", "sort_on", "agreement_id"),
        Index("ix_agreement_visibility_archive", "organisation_id", "archive_status", "sort_on", "agreement_id"),
        Index("ix_agreement_visibility_agreement", "agreement_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    sort_on: Mapped[date]
    status: Mapped[AgreementStatus] = mapped_column(enum_type(AgreementStatus))
    archive_status: Mapped[ArchiveStatus] = mapped_column(enum_type(ArchiveStatus), default=ArchiveStatus.NONE)
    archive_due_on: Mapped[date | None]

    agreement: Mapped[Agreement] = relationship(back_populates="visibility")


def _seen_by(organisation_id: int) -> ColumnElement[bool]:
    """Under a name of its own, since lists join the table themselves; looked up as `records.models.seen_through` is."""
    seen = aliased(AgreementVisibility)
    rows = select(seen.agreement_id).where(seen.agreement_id == Agreement.id, seen.organisation_id == organisation_id)
    return rows.correlate(Agreement).offset(0).exists()


scoped(Agreement, _seen_by)
