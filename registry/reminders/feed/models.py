"""Table of calendar addresses."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ...accounts.models import User
from ...core.db import Model


class CalendarFeed(Model):
    """The one secret address of a person's calendar; it counts while the person's security epoch is the same."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    security_epoch: Mapped[int]
    made_at: Mapped[datetime]
    fetched_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def counts(self) -> bool:
        """Whether nothing that ends it has happened: a new password, other rights, a lock."""
        return self.security_epoch == self.user.security_epoch and bool(self.user.roles)
