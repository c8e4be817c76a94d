"""How a signed agreement stood from one day to the next: what makes every past day visible. 历史时段."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...core.db import Model, enum_type
from .agreement import Agreement
from .enums import AgreementStatus, ClosureOutcome
from .revision import AgreementRevision


class AgreementPeriod(Model):
    """A stretch of days on which nothing changed, from `from_on` until the day before `until_on` (None: until now).

    Days are those of the paper, not of the entry: an agreement entered years later has its periods of then.
    """

    __tablename__ = "agreement_period"
    __table_args__ = (
        UniqueConstraint("agreement_id", "from_on"),
        CheckConstraint("until_on IS NULL OR until_on > from_on", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    status: Mapped[AgreementStatus] = mapped_column(enum_type(AgreementStatus))
    outcome: Mapped[ClosureOutcome | None] = mapped_column(enum_type(ClosureOutcome))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("agreement_revision.id"))
    title_zh: Mapped[str]
    title_en: Mapped[str] = mapped_column(String(400), default="")
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    open_ended: Mapped[bool] = mapped_column(default=False)

    agreement: Mapped[Agreement] = relationship()
    revision: Mapped[AgreementRevision | None] = relationship()
