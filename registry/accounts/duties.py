"""What a signed-in person has to do before anything else. Pure. 登录后的首要事项."""

from datetime import datetime
from enum import StrEnum

from .models import UserSession
from .password_rules import is_too_old


class Duty(StrEnum):
    """First things, in their order."""

    CHANGE_PASSWORD = "change_password"  # noqa: S105 - a name
    SET_UP_SECOND_FACTOR = "set_up_second_factor"


def due(session: UserSession, profile: str, moment: datetime) -> Duty | None:
    """The next duty, or None.

    An initial or outdated password goes first; administrators then enrol a second factor. The people of the
    demonstration are shared by everybody who tries it, so they are exempt; they exist in demo mode only.
    """
    user = session.user
    if user.is_demo:
        return None
    if user.must_change_password or is_too_old(user.password_changed_at, moment, profile):
        return Duty.CHANGE_PASSWORD
    if user.is_administrator and session.second_factor_at is None:
        return Duty.SET_UP_SECOND_FACTOR
    return None
