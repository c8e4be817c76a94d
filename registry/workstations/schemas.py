"""Stations, activities, targets and grades as they are typed. 人才工作站表单."""

import re
from collections.abc import Mapping
from typing import Any

from ..agreements.schemas.fields import Amount, PartialDay, WebAddress
from ..core.dates import Precision
from ..core.errors import Invalid
from ..core.i18n import msg
from ..core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole, load
from .enums import ActivityKind, ActivityState, Grade, WorkstationKind
from .inputs import ActivityDetails, ContactChoice, StationDetails, Targets, Verdict

FOUNDER = re.compile(r"founder-(\d)")
TARGET = re.compile(r"target-(\w+)")
MOST_FOUNDERS = 6
MOST_COUNTED = 1_000_000


class StationSchema(InputSchema):
    """A station; title, kind and host are required."""

    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    kind = Choice(WorkstationKind, required=True)
    host = Text(26, required=True)
    number = Text(60, load_default="")
    host_department = Text(load_default="")
    place = Text(load_default="")
    opening_hours = Text(load_default="")
    unveiled_on = PartialDay(load_default=(None, Precision.UNKNOWN))
    term_from = Day(load_default=None)
    term_until = Day(load_default=None)
    agreement = Text(60, load_default="")
    agreement_number = Text(60, load_default="")
    fund_wan = Amount(load_default=None)
    remark = LongText(1000, load_default="")
    source = LongText(1000, load_default="")
    source_url = WebAddress(load_default="")


class ActivitySchema(InputSchema):
    """One activity."""

    kind = Choice(ActivityKind, required=True)
    state = Choice(ActivityState, required=True)
    day = Day(required=True)
    number = Whole(1, MOST_COUNTED, load_default=1)
    master_plus = Whole(0, MOST_COUNTED, load_default=None)
    note = LongText(1000, load_default="")


class FounderSchema(InputSchema):
    """One founder, by public id."""

    founder = Text(26, load_default="")


class TargetSchema(InputSchema):
    """One target; empty means none."""

    target = Whole(0, MOST_COUNTED, load_default=None)


class VerdictSchema(InputSchema):
    """A grade with its reason."""

    grade = Choice(Grade, required=True)
    why = LongText(1000, load_default="")


class ContactSchema(InputSchema):
    """A side's contact."""

    slot = Text(26, required=True)
    contact = Text(26, load_default="")


class StartSchema(InputSchema):
    """Since when it operates; empty means since the unveiling."""

    started_on = Day(load_default=None)


def station_from(values: Mapping[str, Any]) -> StationDetails:
    """The station that the form describes; a typed agreement number counts before a chosen one. Raises Invalid."""
    rest = {name: value for name, value in values.items() if not FOUNDER.fullmatch(name)}
    if not rest.get("source_url"):
        rest.pop("source_url", None)
    given = load(StationSchema(), rest)
    day, precision = given.pop("unveiled_on")
    number = given.pop("agreement_number")
    given["agreement"] = number or given["agreement"]
    return StationDetails(unveiled_on=day, unveiled_precision=precision, founders=_founders(values), **given)


def _founders(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Rows in their order; empty ones are left out."""
    found = []
    for number in range(MOST_FOUNDERS):
        name = f"founder-{number}"
        found.append(_alone(FounderSchema(), "founder", name, str(values.get(name, ""))))
    return tuple(one for one in found if one)


def activity_from(values: Mapping[str, Any]) -> ActivityDetails:
    """The activity that the form describes. Raises Invalid by field."""
    given = load(ActivitySchema(), {name: value for name, value in values.items() if name != "reason"})
    number = given.pop("number")
    return ActivityDetails(number=1 if number is None else number, **given)


def targets_from(values: Mapping[str, Any], year: int) -> Targets:
    """A year's targets; an empty field or nought means none. Raises Invalid by field."""
    found: dict[ActivityKind, int] = {}
    for name, value in values.items():
        named = TARGET.fullmatch(name)
        if not named or named[1] not in set(ActivityKind):
            raise Invalid({name: [msg("This field is not known here")]})
        target = _alone(TargetSchema(), "target", name, value)
        if target:
            found[ActivityKind(named[1])] = target
    return Targets(year, found)


def verdict_from(values: Mapping[str, Any], year: int) -> Verdict:
    """The decided grade. Raises Invalid by field."""
    given = load(VerdictSchema(), values)
    return Verdict(year, given["grade"], given["why"])


def contact_from(values: Mapping[str, Any]) -> ContactChoice:
    """Whom a side names. Raises Invalid by field."""
    return ContactChoice(**load(ContactSchema(), values))


def _alone(schema: InputSchema, field: str, name: str, value: Any) -> Any:
    """One value; what is wrong with it is told at the field of the form. Raises Invalid."""
    try:
        return load(schema, {field: value})[field]
    except Invalid as error:
        raise Invalid({name: error.fields[field]}) from error
