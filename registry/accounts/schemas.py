"""Outside → input dataclasses."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields, post_load

from ..audit.queries import EventFilter
from ..core.access.roles import Role
from ..core.i18n import msg
from ..core.web.schema import REQUIRED, Choice, Day, InputSchema, LongText, Text, Yes
from .inputs import AbsenceNotice, Credentials, Handover, NewPassword, NewUser, PasswordChange, UserDetails
from .password_rules import LONGEST
from .throttle import LONGEST_ACCOUNT

ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{2,59}")
NAME = 60
REASON = 300


class Secret(fields.Field[str]):
    """A password: nothing is stripped or shortened; NFC, so that two input methods type the same (RFC 8265, 4.2)."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        if not isinstance(value, str) or not value:
            raise ValidationError([REQUIRED])
        if len(value) > LONGEST:
            raise ValidationError([msg("At most %(limit)s characters", limit=LONGEST)])
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ValidationError([msg("This text contains characters that cannot be stored")])
        return unicodedata.normalize("NFC", value)


class Account(Text):
    """An account name: lower-case letters, digits, dots and hyphens, so that nothing can look like another."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        account = super()._deserialize(value, attr, data, **rest).casefold()
        if not ACCOUNT.fullmatch(account):
            raise ValidationError([msg("3 to 60 lower-case letters, digits, dots, hyphens; begin with a letter")])
        return account


class SignInSchema(InputSchema):
    """The sign-in form."""

    makes = Credentials

    account = Text(LONGEST_ACCOUNT, required=True)
    password = Secret(required=True)


class SecondFactorSchema(InputSchema):
    """The code of the app, or a recovery code."""

    otp_code = Text(60, required=True)


class PasswordChangeSchema(InputSchema):
    """Changing one's own password."""

    makes = PasswordChange

    current_password = Secret(required=True)
    new_password = Secret(required=True)
    repeat_password = Secret(required=True)


class NewPasswordSchema(InputSchema):
    """Setting a password with a one-time link."""

    makes = NewPassword

    new_password = Secret(required=True)
    repeat_password = Secret(required=True)


class RecoveryCodesSchema(InputSchema):
    """Proof that it is still the same person, with both factors."""

    current_password = Secret(required=True)
    present_otp_code = Text(60, required=True)


class SecondFactorSetupSchema(InputSchema):
    """Enrolling a second factor; `secret_state` is the secret on the page, signed."""

    secret_state = Text(500, required=True)
    current_password = Secret(required=True)
    otp_code = Text(20, required=True)


class SecondFactorChangeSchema(SecondFactorSetupSchema):
    """Putting another in the place of the present one, which has to agree."""

    present_otp_code = Text(60, required=True)


class NewUserSchema(InputSchema):
    """Making an account."""

    makes = NewUser

    account = Account(60, required=True)
    name = Text(NAME, required=True)
    organisation = Text(26, required=True)


class UserDetailsSchema(InputSchema):
    """Correcting an account."""

    makes = UserDetails

    name = Text(NAME, required=True)
    organisation = Text(26, required=True)


class ReasonSchema(InputSchema):
    """Why something is done to somebody."""

    reason = LongText(REASON, required=True)


class RoleSchema(InputSchema):
    """A role to give or take."""

    role = Choice(Role, required=True)


class HandoverSchema(InputSchema):
    """Handing a role's clearance steps to a colleague."""

    makes = Handover

    role = Choice(Role, required=True)
    to = Text(26, required=True)
    from_on = Day(required=True)
    until_on = Day(required=True)
    reason = Text(REASON, required=True)
    is_away = Yes()


class AbsenceSchema(InputSchema):
    """Saying that one is away."""

    makes = AbsenceNotice

    from_on = Day(required=True)
    until_on = Day(required=True)
    reason = Text(REASON)


class Outcome(StrEnum):
    """Whether something succeeded, in a filter."""

    YES = "yes"
    NO = "no"


class EventFilterSchema(InputSchema):
    """What the auditor looks for."""

    makes = EventFilter

    actor = Text(60)
    action = Text(60)
    subject = Text(200)
    since = Day()
    until = Day()
    succeeded = Choice(Outcome)

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> Any:
        outcome = data.pop("succeeded", None)
        return EventFilter(**data, succeeded=None if outcome is None else outcome is Outcome.YES)
