"""Settings as forms bring them. 提醒设置表单."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from ..core.access.roles import Role
from ..core.dates import FULL_WIDTH
from ..core.i18n import msg
from ..core.web.schema import Choice, InputSchema, Whole, Yes, load
from .rules import FARTHEST, MOST_REMINDERS, Setting

APART = re.compile(r"[\s,，、;；/]+")


class Days(fields.Field[tuple[int, ...]]):
    """Whole days such as 180, 90、60: separated in any usual way, each once."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any
    ) -> tuple[int, ...]:
        named = [one for one in APART.split(str(value).translate(FULL_WIDTH)) if one]
        if not all(one.isdecimal() and len(one) <= len(str(FARTHEST)) for one in named):
            raise ValidationError([msg("Write whole days such as 30, 7, 1")])
        if len(named) > MOST_REMINDERS:
            raise ValidationError([msg("At most %(most)s reminders about one date", most=MOST_REMINDERS)])
        return tuple(sorted({int(one) for one in named}))


class SettingSchema(InputSchema):
    """A rule's setting; what a rule cannot have is the service's to refuse."""

    is_on = Yes()
    before = Days(load_default=())
    on_day = Yes()
    after = Days(load_default=())
    every = Whole(0, FARTHEST, load_default=None)
    times = Whole(0, MOST_REMINDERS, load_default=None)
    roles = fields.List(Choice(Role, required=True), load_default=list)


def read_setting(values: Mapping[str, Any]) -> Setting:
    """The setting of a form. Raises Invalid by field."""
    given = load(SettingSchema(), values)
    return Setting(
        is_on=given["is_on"],
        before=tuple(reversed(given["before"])),
        on_day=given["on_day"],
        after=given["after"],
        every=given["every"] or 0,
        times=given["times"] or 0,
        roles=frozenset(given["roles"]),
    )


def form_of(setting: Setting) -> dict[str, Any]:
    """The same as a form shows it."""
    return {
        "is_on": setting.is_on,
        "before": ", ".join(map(str, setting.before)),
        "on_day": setting.on_day,
        "after": ", ".join(map(str, setting.after)),
        "every": setting.every or "",
        "times": setting.times or "",
        "roles": [str(role) for role in setting.roles],
    }
