"""Mechanisms and meetings as they are typed. 对接机制表单."""

import re
from collections.abc import Mapping
from typing import Any

from ..agreements.schemas.fields import PartialDay, WebAddress
from ..core.dates import Precision
from ..core.errors import Invalid
from ..core.i18n import msg
from ..core.web.schema import Choice, Day, InputSchema, LongText, Text, load
from .enums import Rhythm, WrittenForm
from .inputs import MechanismDetails, MeetingDetails, SideLine

SIDE = re.compile(r"side-(\d)-(organisation|reported|liaison)")
MOST_SIDES = 6
MOST_DECISIONS = 20


class MechanismSchema(InputSchema):
    """A mechanism; its title is required."""

    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    established_on = PartialDay(load_default=(None, Precision.UNKNOWN))
    written_form = Choice(WrittenForm, load_default=WrittenForm.NONE)
    rhythm = Choice(Rhythm, load_default=Rhythm.AS_NEEDED)
    plan = LongText(4000, load_default="")
    next_meeting_on = Day(load_default=None)
    source = LongText(1000, load_default="")
    source_url = WebAddress(load_default="")


class SideSchema(InputSchema):
    """One side."""

    organisation = Text(26, load_default="")
    reported = Text(load_default="")
    liaison = Text(26, load_default="")


class MeetingSchema(InputSchema):
    """A meeting with its minutes; one decision a line."""

    held_on = Day(required=True)
    place = Text(load_default="")
    attendees = Text(1000, load_default="")
    minutes = LongText(10_000, required=True)
    decisions = LongText(4000, load_default="")
    next_on = Day(load_default=None)


def mechanism_from(values: Mapping[str, Any]) -> MechanismDetails:
    """The mechanism that the form describes. Raises Invalid by field."""
    rest = {name: value for name, value in values.items() if not SIDE.fullmatch(name)}
    if not rest.get("source_url"):
        rest.pop("source_url", None)
    given = load(MechanismSchema(), rest)
    day, precision = given.pop("established_on")
    return MechanismDetails(established_on=day, established_precision=precision, sides=_sides(values), **given)


def _sides(values: Mapping[str, Any]) -> tuple[SideLine, ...]:
    """Rows in their order; empty ones are left out."""
    lines = []
    for number in range(MOST_SIDES):
        named = {part: str(values.get(f"side-{number}-{part}", "")) for part in ("organisation", "reported", "liaison")}
        try:
            row = load(SideSchema(), named)
        except Invalid as error:
            raise Invalid({f"side-{number}-{name}": told for name, told in error.fields.items()}) from error
        if row["organisation"] or row["reported"]:
            lines.append(SideLine(row["organisation"], row["reported"], row["liaison"]))
    return tuple(lines)


def meeting_from(values: Mapping[str, Any]) -> MeetingDetails:
    """The meeting that the form describes. Raises Invalid by field."""
    given = load(MeetingSchema(), values)
    decisions = tuple(line.strip() for line in given.pop("decisions").splitlines() if line.strip())
    if len(decisions) > MOST_DECISIONS:
        raise Invalid({"decisions": [msg("At most %(most)s lines", most=MOST_DECISIONS)]})
    return MeetingDetails(decisions=decisions, **given)
