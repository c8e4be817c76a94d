"""Tables of reminders: settings that differ from the usual, what was told to whom, and how far each rule has come."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ..core.access.roles import Role
from ..core.db import Model, Stamped, Versioned, enum_type
from .rules import Rule, Setting

AT_SYSTEM = text("organisation_id IS NULL")
AT_ORGANISATION = text("organisation_id IS NOT NULL AND agreement_id IS NULL")
AT_AGREEMENT = text("agreement_id IS NOT NULL")
WAITS = text("digest_on IS NULL")


class ReminderSetting(Versioned, Stamped, Model):
    """One rule's setting at one place: the registry (no organisation), an organisation, or one agreement of it.

    It holds for the people of that organisation alone. Days are whole days before and after the due date.
    """

    __tablename__ = "reminder_setting"
    __table_args__ = (
        CheckConstraint("agreement_id IS NULL OR organisation_id IS NOT NULL", name="whose"),
        CheckConstraint("every >= 0 AND times >= 0 AND (every = 0) = (times = 0)", name="repeats"),
        Index("uq_reminder_setting_system", "rule", unique=True, sqlite_where=AT_SYSTEM, postgresql_where=AT_SYSTEM),
        Index(
            "uq_reminder_setting_organisation",
            "organisation_id",
            "rule",
            unique=True,
            sqlite_where=AT_ORGANISATION,
            postgresql_where=AT_ORGANISATION,
        ),
        Index(
            "uq_reminder_setting_agreement",
            "agreement_id",
            "organisation_id",
            "rule",
            unique=True,
            sqlite_where=AT_AGREEMENT,
            postgresql_where=AT_AGREEMENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[Rule] = mapped_column(enum_type(Rule, "reminder_setting_rule"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    is_on: Mapped[bool] = mapped_column(default=True)
    before: Mapped[list[int]] = mapped_column(JSON, default=list)
    on_day: Mapped[bool] = mapped_column(default=False)
    after: Mapped[list[int]] = mapped_column(JSON, default=list)
    every: Mapped[int] = mapped_column(default=0)
    times: Mapped[int] = mapped_column(default=0)
    roles: Mapped[list[str]] = mapped_column(JSON, default=list)

    @property
    def setting(self) -> Setting:
        """What it says."""
        roles = frozenset(Role(name) for name in self.roles)
        return Setting(self.is_on, tuple(self.before), self.on_day, tuple(self.after), self.every, self.times, roles)

    def take(self, setting: Setting) -> None:
        """Say something else."""
        self.is_on, self.on_day = setting.is_on, setting.on_day
        self.before, self.after = list(setting.before), list(setting.after)
        self.every, self.times = setting.every, setting.times
        self.roles = [str(role) for role in Role if role in setting.roles]


class Reminder(Model):
    """What one person was reminded of, once for each rule, record, due date and day: never changed, never repeated.

    `days` are those from the due date on, negative before it. `organisation_id` is whose person it was told to.
    `digest_on` is the day whose digest dealt with it; `in_digest` tells whether it still stood in it.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("rule", "subject_kind", "subject_public_id", "due_on", "days", "user_id", name="uq_reminder"),
        Index("ix_reminder_subject", "subject_kind", "subject_public_id", "organisation_id", "id"),
        Index("ix_reminder_organisation", "organisation_id", "id"),
        Index("ix_reminder_digest", "user_id", "digest_on"),
        Index("ix_reminder_waits", "user_id", "id", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[Rule] = mapped_column(enum_type(Rule, "reminder_rule"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_public_id: Mapped[str] = mapped_column(String(26))
    due_on: Mapped[date]
    days: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    reminded_on: Mapped[date]
    digest_on: Mapped[date | None]
    in_digest: Mapped[bool] = mapped_column(default=False)


class ReminderRun(Model):
    """Through which day a rule has been gone through: the next run begins after it, however many days were missed."""

    __tablename__ = "reminder_run"

    rule: Mapped[Rule] = mapped_column(enum_type(Rule, "reminder_run_rule"), primary_key=True)
    through: Mapped[date]
