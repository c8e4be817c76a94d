"""Outside → input dataclasses."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from ..core.i18n import msg
from ..core.web.schema import REQUIRED, InputSchema, Text
from .inputs import Credentials
from .password_rules import LONGEST
from .throttle import LONGEST_ACCOUNT


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


class SignInSchema(InputSchema):
    """The sign-in form."""

    makes = Credentials

    account = Text(LONGEST_ACCOUNT, required=True)
    password = Secret(required=True)


class SecondFactorSchema(InputSchema):
    """The code of the app, or a recovery code."""

    code = Text(60, required=True)
