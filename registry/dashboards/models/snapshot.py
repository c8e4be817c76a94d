"""Tables of what is kept at a month's end, of the briefings made of it, and of offices' own Word templates."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.access.decision import Actor
from ...core.access.scope import scoped
from ...core.access.table import Relation
from ...core.db import Identified, Model, Stamped, Versioned, enum_type
from ...core.errors import Conflict
from ...core.i18n import Message, msg
from ...documents.models import StoredFile
from ...organisations.models import Organisation


class BriefingState(StrEnum):
    """A briefing is a draft until it is issued, and can no longer change then."""

    DRAFT = "draft"
    ISSUED = "issued"

    @property
    def label(self) -> Message:
        """The state for the reader."""
        return STATE_LABELS[self]

    @property
    def tone(self) -> str:
        """The colour of its dot."""
        return "ok" if self is BriefingState.ISSUED else "info"


STATE_LABELS = {BriefingState.DRAFT: msg("Draft"), BriefingState.ISSUED: msg("Issued")}
CURRENT = text("retired_at IS NULL")


class Snapshot(Identified, Model):
    """What an organisation's figures were at a month's end; written once, never changed (see `frozen`).

    `month` is YYYYMM. `content` is canonical JSON (`briefing.kept`), `sha256` its digest. `is_late`: it was drawn up
    when the month had long been over, of what the records said on the day of `taken_at` (补编).
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("organisation_id", "month"),
        CheckConstraint("month BETWEEN 194910 AND 219912", name="month"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    month: Mapped[int]
    as_of: Mapped[date]
    taken_at: Mapped[datetime]
    is_late: Mapped[bool]
    schema: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))

    @property
    def audit_label(self) -> str:
        """What the audit calls it."""
        return f"{self.month // 100}-{self.month % 100:02}"


class Briefing(Identified, Versioned, Stamped, Model):
    """The briefing of one organisation and month: the snapshot's figures, and what people write beside them.

    `corrections` are those of months before, as JSON, kept when it is issued; `content_zh` and `content_en` what it
    says from then on (`briefing.content`), with `sha256` over both.
    """

    __tablename__ = "briefing"
    __table_args__ = (
        UniqueConstraint("organisation_id", "month"),
        CheckConstraint("(state = 'issued') = (issued_at IS NOT NULL)", name="issued"),
        CheckConstraint("(state = 'issued') = (sha256 <> '')", name="content"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    month: Mapped[int]
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"))
    state: Mapped[BriefingState] = mapped_column(enum_type(BriefingState), default=BriefingState.DRAFT)
    author: Mapped[str] = mapped_column(default="")
    report_to: Mapped[str] = mapped_column(default="")
    problems_zh: Mapped[str] = mapped_column(Text, default="")
    problems_en: Mapped[str] = mapped_column(Text, default="")
    next_zh: Mapped[str] = mapped_column(Text, default="")
    next_en: Mapped[str] = mapped_column(Text, default="")
    corrections: Mapped[str] = mapped_column(Text, default="[]")
    content_zh: Mapped[str] = mapped_column(Text, default="")
    content_en: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    is_demo: Mapped[bool] = mapped_column(default=False)

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    snapshot: Mapped[Snapshot] = relationship(lazy="joined", innerjoin=True)
    issued_by: Mapped[User | None] = relationship()
    items: Mapped[list["BriefingItem"]] = relationship(back_populates="briefing", order_by="BriefingItem.id")

    @property
    def audit_label(self) -> str:
        """What the audit calls it."""
        return f"{self.organisation.name_zh} {self.month_text}"

    @property
    def month_text(self) -> str:
        """2023-03, as its address has it."""
        return f"{self.month // 100}-{self.month % 100:02}"

    @property
    def access_states(self) -> frozenset[str]:
        """Its state, for the policy table."""
        return frozenset({str(self.state)})

    def relations_to(self, actor: Actor) -> frozenset[Relation]:
        """Its organisation's own; nobody else sees it."""
        if actor.organisation_id == self.organisation_id:
            return frozenset({Relation.OWN, Relation.PARTY, Relation.SCOPE})
        return frozenset()

    def issue(self, content_zh: str, content_en: str, sha256: str, at: datetime, by_id: int | None) -> None:
        """draft → issued, with what it says from now on. Raises Conflict elsewhere."""
        if self.state is not BriefingState.DRAFT:
            raise Conflict(msg("This briefing was issued before"))
        self.state, self.issued_at, self.issued_by_id = BriefingState.ISSUED, at, by_id
        self.content_zh, self.content_en, self.sha256 = content_zh, content_en, sha256


class BriefingItem(Identified, Model):
    """One sentence of an issued briefing, so that a leader's instruction can be about it."""

    __tablename__ = "briefing_item"
    __table_args__ = (UniqueConstraint("briefing_id", "code"),)

    briefing_id: Mapped[int] = mapped_column(ForeignKey("briefing.id"))
    code: Mapped[str] = mapped_column(String(60))
    title_zh: Mapped[str] = mapped_column(String(400))
    title_en: Mapped[str] = mapped_column(String(400), default="")

    briefing: Mapped[Briefing] = relationship(back_populates="items", lazy="joined", innerjoin=True)

    @property
    def owner(self) -> Organisation:
        """Who drew the briefing up: an instruction goes there unless another is chosen."""
        return self.briefing.organisation


class BriefingTemplate(Identified, Model):
    """An office's own Word template; the current one of a language is not retired."""

    __tablename__ = "briefing_template"
    __table_args__ = (
        CheckConstraint("language IN ('zh', 'en')", name="language"),
        Index(
            "uq_briefing_template_current",
            "organisation_id",
            "language",
            unique=True,
            sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    language: Mapped[str] = mapped_column(String(2))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    filename: Mapped[str]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    uploaded_by: Mapped[User] = relationship()

    @property
    def audit_label(self) -> str:
        """Its file name in the audit."""
        return self.filename


scoped(Snapshot, lambda viewer: Snapshot.organisation_id == viewer)
scoped(Briefing, lambda viewer: Briefing.organisation_id == viewer)
scoped(BriefingTemplate, lambda viewer: BriefingTemplate.organisation_id == viewer)
