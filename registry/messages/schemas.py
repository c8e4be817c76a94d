"""Outside → input dataclasses."""

import re
from collections.abc import Callable, Container, Mapping
from datetime import time
from typing import Any

from marshmallow import ValidationError, fields, post_load

from ..core.i18n import DEFAULT_LANGUAGE, LANGUAGES, msg
from ..core.web.schema import REQUIRED, Choice, InputSchema, Text, Yes
from .enums import GROUP_VIAS, SHARED_TOPICS, Topic, Via, Way
from .inputs import ChannelDetails, Wishes
from .services.channels import LONGEST_SECRET
from .services.proving import LONGEST

CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]?([0-5]\d)")
UNLISTED = msg("Choose one of the listed values")


def _listed(values: Container[str]) -> Callable[[str], None]:
    """One of these."""

    def check(value: str) -> None:
        if value not in values:
            raise ValidationError([UNLISTED])

    return check


class Clock(fields.Field[time]):
    """A time of the day, 07:00 or 0700."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> time:
        match = CLOCK.fullmatch(str(value).strip())
        if match is None:
            raise ValidationError([msg("Write the time like 22:00")])
        return time(int(match[1]), int(match[2]))


class Topics(fields.Field[tuple[Topic, ...]]):
    """Ticked topics, of those that an organisation may be told; at least one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        given = [value] if isinstance(value, str) else list(value or ())
        if not given:
            raise ValidationError([msg("Choose at least one")])
        if not set(given) <= {str(one) for one in SHARED_TOPICS}:
            raise ValidationError([UNLISTED])
        return tuple(one for one in SHARED_TOPICS if str(one) in given)


class WishesSchema(InputSchema):
    """How each topic is wanted by e-mail, and the hours and days without any."""

    ways = fields.Dict(keys=Choice(Topic, required=True), values=Choice(Way, required=True), required=True)
    quiet_from = Clock(required=True)
    quiet_until = Clock(required=True)
    working_days_only = Yes()

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> Wishes:
        return Wishes(**data)


class EmailSchema(InputSchema):
    """An address to be proven."""

    email = Text(LONGEST, required=True)


class CodeSchema(InputSchema):
    """The code that was sent to it."""

    code = Text(20, required=True)


class ChannelSchema(InputSchema):
    """A group chat or program."""

    makes = ChannelDetails

    via = Choice(Via, required=True, validate=_listed(GROUP_VIAS))
    name = Text(60, required=True)
    address = Text(1_000)
    secret = Text(LONGEST_SECRET)
    topics = Topics(required=True)
    language = Text(5, load_default=DEFAULT_LANGUAGE, validate=_listed(LANGUAGES))
    quiet_from = Clock(required=True)
    quiet_until = Clock(required=True)
    working_days_only = Yes()
