"""Reading users, their sessions and proposals."""

from sqlalchemy import select

from ..core.db import db
from .models import User, UserStatus


def find_for_second_step(public_id: str, epoch: int) -> User | None:
    """The person who gave the right password a moment ago, unless something changed since."""
    user = db.session.scalar(select(User).where(User.public_id == public_id, User.security_epoch == epoch))
    return user if user and user.status is UserStatus.ACTIVE and user.has_second_factor else None
