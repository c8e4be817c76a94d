"""Tables of users, their roles, sessions and one-time tokens."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..core.access.decision import StandIn
from ..core.access.roles import ADMINISTRATORS, Role
from ..core.dates import today
from ..core.db import Identified, Model, Stamped, Versioned, enum_type
from ..core.errors import Conflict
from ..core.i18n import Message, msg
from ..organisations.models import Organisation

if TYPE_CHECKING:
    from .delegations import Delegation


class UserStatus(StrEnum):
    """Whether a user may sign in."""

    PENDING = "pending"  # waits for roles from the security administrator; can do nothing
    ACTIVE = "active"
    DISABLED = "disabled"

    @property
    def label(self) -> Message:
        """The status for the reader."""
        return STATUS_LABELS[self]


STATUS_LABELS = {
    UserStatus.PENDING: msg("Waiting for roles"),
    UserStatus.ACTIVE: msg("Active"),
    UserStatus.DISABLED: msg("Disabled"),
}


def _where(condition: str) -> dict[str, Any]:
    """A partial index, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class User(Identified, Versioned, Stamped, Model):
    """A person with an account in one organisation. Raising `security_epoch` ends every session and token."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("id", "separated"),)

    account: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[UserStatus] = mapped_column(enum_type(UserStatus), default=UserStatus.PENDING)
    password_hash: Mapped[str] = mapped_column(default="")
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    totp_secret_encrypted: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    security_epoch: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(5), default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    separated: Mapped[bool] = mapped_column(default=False)  # an administrator's account: it can hold no business role

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)
    role_grants: Mapped[list["UserRole"]] = relationship(
        back_populates="user",
        lazy="selectin",
        primaryjoin="foreign(UserRole.user_id) == User.id",
        cascade="all, delete-orphan",
    )
    # The database's own day is UTC's, never later than Shanghai's: no delegation of today is missed.
    received: Mapped[list["Delegation"]] = relationship(
        viewonly=True,
        primaryjoin="and_(Delegation.receiver_id == User.id, Delegation.revoked_at.is_(None), "
        "Delegation.until_on >= func.current_date())",
        order_by="Delegation.id",
    )

    @property
    def roles(self) -> frozenset[Role]:
        """What this person is; empty unless active."""
        if self.status is not UserStatus.ACTIVE:
            return frozenset()
        return frozenset(grant.role for grant in self.role_grants)

    @property
    def standing_in(self) -> tuple[StandIn, ...]:
        """For whom this person stands in today; asked of the database once a request.

        Nobody who is not active, and no administrator, stands in for anybody (三员分立).
        """
        if not self.roles or self.is_administrator:
            return ()
        return tuple(one.stand_in for one in self.received if one.counts_on(today()))

    @property
    def is_administrator(self) -> bool:
        """Whether one of the three separated administrators."""
        return bool(self.roles & ADMINISTRATORS)

    @property
    def audit_label(self) -> str:
        """Name and account in the audit."""
        return f"{self.name} ({self.account})"

    @property
    def has_second_factor(self) -> bool:
        """Whether a second factor is enrolled."""
        return self.totp_secret_encrypted is not None

    def raise_epoch(self) -> None:
        """End every session and one-time token of this person."""
        self.security_epoch += 1

    def set_password(self, password_hash: str, moment: datetime, *, must_change: bool = False) -> None:
        """Take a new password; whoever was signed in with the old one no longer is."""
        self.password_hash = password_hash
        self.password_changed_at = moment
        self.must_change_password = must_change
        self.raise_epoch()

    def enrol_second_factor(self, secret_encrypted: bytes, step: int) -> None:
        """Take a proven second factor; the code of `step` is used up by that proof."""
        self.totp_secret_encrypted = secret_encrypted
        self.totp_last_step = step
        self.raise_epoch()

    def drop_second_factor(self) -> None:
        """Forget the second factor."""
        self.totp_secret_encrypted = None
        self.totp_last_step = 0
        self.raise_epoch()

    def settle_status(self) -> None:
        """Active with a role, pending without; a disabled person stays disabled. Sessions end.

        Who has no password yet has no session either, and keeps the invitation.
        """
        if self.status is not UserStatus.DISABLED:
            self.status = UserStatus.ACTIVE if self.role_grants else UserStatus.PENDING
        if self.password_hash:
            self.raise_epoch()

    def disable(self) -> None:
        """Shut the account. Raises Conflict when it is shut."""
        if self.status is UserStatus.DISABLED:
            raise Conflict(msg("This account is disabled already"))
        self.status = UserStatus.DISABLED
        self.raise_epoch()

    def enable(self) -> None:
        """Open the account again with the roles that it has. Raises Conflict when it is open."""
        if self.status is not UserStatus.DISABLED:
            raise Conflict(msg("This account is not disabled"))
        self.status = UserStatus.PENDING
        self.settle_status()


def _is_administrators(context: Any) -> bool:
    """Whether the row being written holds an administrator's role."""
    return context.get_current_parameters()["role"] in ADMINISTRATORS


class UserRole(Model):
    """A role that a security administrator granted.

    三员分立 in the database itself: every role of an account is of the account's own kind (`separated` is part of the
    foreign key), and an administrator has one role only.
    """

    __tablename__ = "user_role"
    __table_args__ = (
        UniqueConstraint("user_id", "role"),
        ForeignKeyConstraint(["user_id", "separated"], ["user_account.id", "user_account.separated"]),
        Index("uq_user_role_administrator", "user_id", unique=True, **_where("separated")),
        CheckConstraint("(role IN ('system_admin', 'security_admin', 'auditor')) = separated", name="separated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]
    role: Mapped[Role] = mapped_column(enum_type(Role))
    separated: Mapped[bool] = mapped_column(default=_is_administrators)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[datetime]

    user: Mapped[User] = relationship(back_populates="role_grants", primaryjoin="foreign(UserRole.user_id) == User.id")


class UserSession(Identified, Model):
    """A signed-in browser. Only the SHA-256 of its token is stored."""

    __tablename__ = "user_session"
    __table_args__ = (Index("ix_user_session_user", "user_id", "ended_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    security_epoch: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(default="")

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def audit_label(self) -> str:
        """Whose session, in the audit."""
        return self.user.audit_label

    def end(self, moment: datetime) -> None:
        """Sign this browser out. Raises Conflict when it is out already."""
        if self.ended_at:
            raise Conflict(msg("This session has ended already"))
        self.ended_at = moment


class SignInAttempt(Model):
    """One try to sign in, counted by account and address/24 (IPv6: /64) before any hashing; failed until it succeeds.

    Tries at the second step carry the network `SECOND_STEP`: whoever gets there knows the password.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key", "account", "network", "tried_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(60))
    network: Mapped[str] = mapped_column(String(45))
    tried_at: Mapped[datetime]
    succeeded: Mapped[bool] = mapped_column(default=False)


class TokenPurpose(StrEnum):
    """What a one-time token is for."""

    INVITATION = "invitation"
    RESET = "reset"


class OneTimeToken(Model):
    """An invitation or reset code: stored hashed, used once, bound to user, purpose and security epoch."""

    __tablename__ = "one_time_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    purpose: Mapped[TokenPurpose] = mapped_column(enum_type(TokenPurpose))
    security_epoch: Mapped[int]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """A hashed code that stands in once for a lost second factor."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class PastPassword(Model):
    """A former password's hash: the last five may not come back (dengbao3 profile)."""

    __tablename__ = "past_password"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    password_hash: Mapped[str]
    replaced_at: Mapped[datetime]


class RoleProposal(Identified, Model):
    """An administrator role that one security administrator proposed and another has to confirm."""

    __tablename__ = "role_proposal"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[Role] = mapped_column(enum_type(Role))
    grant: Mapped[bool] = mapped_column(default=True)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    proposed_by: Mapped[User] = relationship(foreign_keys=[proposed_by_id])

    @property
    def audit_label(self) -> str:
        """User and role in the audit."""
        return f"{self.user.audit_label}: {self.role}"
