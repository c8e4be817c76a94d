"""One period of a promise: what was to be done by when, what was reported and verified, what happened. 履约周期."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Identified, Model, Stamped, Versioned, enum_type
from ...core.errors import Conflict
from ...core.figures.columns import FigureValue
from ...core.figures.kinds import Number
from ...core.i18n import msg
from ...organisations.models import Organisation
from ..enums import OPEN, RESULTS, About, EventKind, PeriodState
from .commitment import Commitment

SETTLED = "state IN ('met', 'partially_met', 'not_met', 'waived', 'cancelled')"
IS_OPEN = text("closed_on IS NULL")


class CommitmentPeriod(Identified, Versioned, Stamped, Model):
    """One period. `reporter` is the organisation whose figure stands; it never verifies it.

    While disputed, `disputed` is the figure of the other side beside the reported one. A waiver that was asked for
    waits with who asked and why. `closed_on` is the day on which it was settled (销号).
    """

    __tablename__ = "commitment_period"
    __table_args__ = (
        UniqueConstraint("commitment_id", "no"),
        CheckConstraint("starts_on <= due_on", name="days_in_order"),
        CheckConstraint(f"({SETTLED}) = (closed_on IS NOT NULL)", name="closed_on"),
        CheckConstraint("(state = 'disputed') = (disputed IS NOT NULL)", name="both_figures"),
        CheckConstraint("state NOT IN ('met', 'partially_met', 'not_met') OR verified IS NOT NULL", name="verified"),
        CheckConstraint("state <> 'waived' OR waiver_reason <> ''", name="waiver_reason"),
        CheckConstraint("(reported IS NULL) = (reporter_id IS NULL)", name="reporter"),
        CheckConstraint("target >= 0 AND reported >= 0 AND verified >= 0 AND disputed >= 0", name="figures"),
        Index("ix_commitment_period_due", "due_on", "id"),
        Index("ix_commitment_period_reported", "state", "reported_on"),
        Index("ix_commitment_period_open", "due_on", "id", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    )

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    no: Mapped[int]
    starts_on: Mapped[date]
    due_on: Mapped[date]
    target: Mapped[Number] = mapped_column(FigureValue)
    reported: Mapped[Number | None] = mapped_column(FigureValue)
    verified: Mapped[Number | None] = mapped_column(FigureValue)
    disputed: Mapped[Number | None] = mapped_column(FigureValue)
    state: Mapped[PeriodState] = mapped_column(enum_type(PeriodState, "period_state"), default=PeriodState.SCHEDULED)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reported_on: Mapped[date | None]
    disputer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    disputed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    close_requested_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(
        String(1000), default=""
    )  # of the last return, dispute, reopening or cancelling
    waiver_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    waiver_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    waiver_reason: Mapped[str] = mapped_column(String(1000), default="")
    closed_on: Mapped[date | None]
    reopened: Mapped[int] = mapped_column(default=0)

    commitment: Mapped[Commitment] = relationship()
    reporter: Mapped[Organisation | None] = relationship(foreign_keys=[reporter_id])
    disputer: Mapped[Organisation | None] = relationship(foreign_keys=[disputer_id])
    waiver_by: Mapped[Organisation | None] = relationship(foreign_keys=[waiver_by_id])
    voices: Mapped[list["PeriodVoice"]] = relationship(cascade="all, delete-orphan", order_by="PeriodVoice.id")
    events: Mapped[list["PeriodEvent"]] = relationship(back_populates="period", order_by="PeriodEvent.id")
    evidence: Mapped[list["CommitmentEvidence"]] = relationship(
        back_populates="period", order_by="CommitmentEvidence.id"
    )

    @property
    def is_open(self) -> bool:
        """Whether it is still to be settled."""
        return self.state in OPEN

    @property
    def counts_on(self) -> date:
        """From which day rates count it: its last, or that of its close-out before."""
        return min(self.due_on, self.closed_on or self.due_on)

    def voiced(self, about: About) -> frozenset[int]:
        """The organisations that said yes."""
        return frozenset(one.organisation_id for one in self.voices if one.about is about)

    def hush(self, about: About) -> None:
        """Forget who said yes: there is something else to say yes to."""
        self.voices = [one for one in self.voices if one.about is not about]

    def say_figure(self, figure: Number, organisation_id: int, user_id: int | None) -> None:
        """An organisation says yes to a figure; its own word before and what was said of another one count no more."""
        kept = [one for one in self.voices if one.about is not About.FIGURE]
        same = [one for one in self.voices if one.about is About.FIGURE and one.figure == figure]
        others = [one for one in same if one.organisation_id != organisation_id]
        new = PeriodVoice(organisation_id=organisation_id, about=About.FIGURE, figure=figure, user_id=user_id)
        self.voices = [*kept, *others, new]

    def submit(self, figure: Number, reporter_id: int, by_id: int, day: date) -> None:
        """A figure stands, and waits for the other side. Raises Conflict when settled."""
        self._require(*OPEN)
        if self.state is PeriodState.RETURNED:
            self.close_requested_on = None
        self.state, self.reported, self.reporter_id = PeriodState.SUBMITTED, figure, reporter_id
        self.reported_by_id, self.reported_on, self.reason = by_id, day, ""
        self._undispute()
        self.hush(About.FIGURE)

    def request_close(self, day: date) -> None:
        """The reported figure is the last word of whoever promised. Raises Conflict elsewhere."""
        self._require(PeriodState.SCHEDULED, PeriodState.SUBMITTED)
        self.state, self.close_requested_on = PeriodState.SUBMITTED, day
        self.hush(About.FIGURE)

    def send_back(self, reason: str) -> None:
        """submitted → returned. Raises Conflict elsewhere."""
        self._require(PeriodState.SUBMITTED)
        self.state, self.reason, self.close_requested_on = PeriodState.RETURNED, reason, None
        self.hush(About.FIGURE)

    def dispute(self, figure: Number, organisation_id: int, by_id: int, reason: str) -> None:
        """submitted → disputed, with both figures. Raises Conflict elsewhere."""
        self._require(PeriodState.SUBMITTED)
        self.state, self.disputed, self.reason = PeriodState.DISPUTED, figure, reason
        self.disputer_id, self.disputed_by_id = organisation_id, by_id
        self.hush(About.FIGURE)

    def resume_report(self) -> None:
        """disputed → submitted: the reported figure stands, and waits. Raises Conflict elsewhere."""
        self._require(PeriodState.DISPUTED)
        self.state, self.reason = PeriodState.SUBMITTED, ""
        self._undispute()

    def verify(self, figure: Number, result: PeriodState | None, day: date) -> None:
        """The figure counts; with a result it is struck off (销号), else it goes on. Raises Conflict when settled."""
        self._require(*OPEN)
        self.verified, self.reason = figure, ""
        self._undispute()
        self.hush(About.FIGURE)
        if result is None:
            self.state = PeriodState.SCHEDULED
        else:
            self._settle(result, day)

    def ask_waiver(self, organisation_id: int, by_id: int, reason: str) -> None:
        """Wait for the other side's consent. Raises Conflict when settled."""
        self._require(*OPEN)
        self.waiver_by_id, self.waiver_asked_by_id, self.waiver_reason = organisation_id, by_id, reason

    def drop_waiver(self) -> None:
        """It was refused, taken back, or became pointless."""
        self.waiver_by_id = self.waiver_asked_by_id = None
        self.waiver_reason = ""
        self.hush(About.WAIVER)

    def waive(self, day: date) -> None:
        """Everybody agreed to let it go. Raises Conflict when settled."""
        self._require(*OPEN)
        self._undispute()
        self._settle(PeriodState.WAIVED, day)

    def cancel(self, reason: str, day: date) -> None:
        """The agreement no longer asks for it. Raises Conflict when settled."""
        self._require(*OPEN)
        self._undispute()
        self._settle(PeriodState.CANCELLED, day)
        self.reason = reason

    def retarget(self, target: Number) -> None:
        """Something else was agreed upon; whoever said yes to a figure is asked again. Raises Conflict when settled."""
        self._require(*OPEN)
        self.target = target
        self.hush(About.FIGURE)

    def reopen(self, reason: str) -> None:
        """Settled → in hand again, counted. Raises Conflict elsewhere."""
        self._require(*RESULTS, PeriodState.WAIVED)
        self.reopened += 1
        self._back(reason)

    def reinstate(self) -> None:
        """Cancelled → in hand again: the agreement asks for it after all. Raises Conflict elsewhere."""
        self._require(PeriodState.CANCELLED)
        self._back("")

    def _back(self, reason: str) -> None:
        self.state, self.closed_on, self.verified = PeriodState.SCHEDULED, None, None
        self.close_requested_on, self.reason = None, reason
        self.drop_waiver()

    def _settle(self, state: PeriodState, day: date) -> None:
        self.state, self.closed_on, self.close_requested_on = state, day, None
        self.hush(About.FIGURE)
        if state is not PeriodState.WAIVED:
            self.drop_waiver()

    def _undispute(self) -> None:
        self.disputed = self.disputer_id = self.disputed_by_id = None

    def _require(self, *states: PeriodState) -> None:
        if self.state not in states:
            raise Conflict(msg("This is not possible in the present state"))


class PeriodVoice(Identified, Stamped, Model):
    """One of several organisations whose yes is needed has said it: to the figure, or to the waiver."""

    __tablename__ = "period_voice"
    __table_args__ = (Index("ix_period_voice_period", "period_id"),)

    period_id: Mapped[int] = mapped_column(ForeignKey("commitment_period.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    about: Mapped[About] = mapped_column(enum_type(About))
    figure: Mapped[Number | None] = mapped_column(FigureValue)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PeriodEvent(Identified, Stamped, Model):
    """What happened to a period, with the figures as they stood afterwards; never changed.

    `organisation` and `user` are empty where the agreement itself did it.
    """

    __tablename__ = "period_event"
    __table_args__ = (Index("ix_period_event_period", "period_id", "id"),)

    period_id: Mapped[int] = mapped_column(ForeignKey("commitment_period.id"))
    kind: Mapped[EventKind] = mapped_column(enum_type(EventKind, "event_kind"))
    state: Mapped[PeriodState] = mapped_column(enum_type(PeriodState, "event_state"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    happened_on: Mapped[date]
    target: Mapped[Number] = mapped_column(FigureValue)
    reported: Mapped[Number | None] = mapped_column(FigureValue)
    verified: Mapped[Number | None] = mapped_column(FigureValue)
    disputed: Mapped[Number | None] = mapped_column(FigureValue)
    note: Mapped[str] = mapped_column(Text, default="")

    period: Mapped[CommitmentPeriod] = relationship(back_populates="events")
    organisation: Mapped[Organisation | None] = relationship()
    user: Mapped[User | None] = relationship()


class CommitmentEvidence(Identified, Stamped, Model):
    """A record of the registry that shows what was done; it counts once for a commitment, whatever the period."""

    __tablename__ = "commitment_evidence"
    __table_args__ = (
        UniqueConstraint("commitment_id", "kind", "subject_public_id", name="uq_commitment_evidence_once"),
        Index("ix_commitment_evidence_period", "period_id"),
        Index("ix_commitment_evidence_subject", "kind", "subject_public_id"),
    )

    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitment.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("commitment_period.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_public_id: Mapped[str] = mapped_column(String(26))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    period: Mapped[CommitmentPeriod] = relationship(back_populates="evidence")
    organisation: Mapped[Organisation] = relationship()
