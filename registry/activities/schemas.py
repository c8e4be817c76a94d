"""Activities, their figures and links as they are typed. 活动表单."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..agreements.schemas.fields import PartialDay, WebAddress
from ..core.dates import Precision
from ..core.errors import Invalid
from ..core.figures.reading import LONGEST
from ..core.i18n import msg
from ..core.web.schema import Choice, InputSchema, LongText, Text, Yes, load
from .enums import ActivityKind, Link, Part
from .figure_codes import FigureCode
from .inputs import MOST_PARTIES, ActivityDetails, FigureLine, HeldDays, OutcomeLine, PartyLine

PARTY = re.compile(r"party-(\d{1,2})-(part|organisation|reported)")
FIGURE = re.compile(r"figure-([a-z_0-9]{1,40})")


class DaysSchema(InputSchema):
    """The first and the last day, as exactly as they are known."""

    held_on = PartialDay(load_default=(None, Precision.UNKNOWN))
    held_until = PartialDay(load_default=(None, Precision.UNKNOWN))


class ActivitySchema(DaysSchema):
    """An activity; kind and name are required."""

    kind = Choice(ActivityKind, required=True)
    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    place = Text(load_default="")
    region = Text(6, load_default="")
    programme = Text(load_default="")
    parent = Text(26, load_default="")
    signing_event = Text(26, load_default="")
    counting_note = LongText(1000, load_default="")
    notes = LongText(4000, load_default="")
    source = LongText(1000, load_default="")
    source_url = WebAddress(load_default="")
    is_held = Yes()


class PartySchema(InputSchema):
    """One line of who took part."""

    part = Choice(Part, load_default=Part.PARTICIPANT)
    organisation = Text(26, load_default="")
    reported = Text(load_default="")


class AboutSchema(InputSchema):
    """What further figures have in common; the label is that of the other figure, which has no name without it."""

    note = Text(500, load_default="")
    source = Text(500, load_default="")
    label_zh = Text(load_default="")
    label_en = Text(load_default="")


class CorrectionSchema(AboutSchema):
    """Another figure in the place of one, or none at all; the reason is asked for by the service."""

    text = Text(LONGEST, load_default="")
    reason = LongText(1000, load_default="")


class CheckSchema(InputSchema):
    """What a doubtful figure means; empty where it is not in doubt."""

    reading = Text(LONGEST, load_default="")


class LinkSchema(InputSchema):
    """How a record stands to the activity; which one it is, the view reads from its address."""

    link = Choice(Link, load_default=Link.PRODUCED)
    subject = Text(500, load_default="")


@dataclass(frozen=True)
class Correction:
    """A corrected figure and why."""

    line: FigureLine
    reason: str


def activity_from(values: Mapping[str, Any], outcomes: tuple[OutcomeLine, ...] = ()) -> ActivityDetails:
    """The activity that the form describes, with its figures. Raises Invalid by field."""
    rest = {name: value for name, value in values.items() if not PARTY.fullmatch(name) and not FIGURE.fullmatch(name)}
    if not rest.get("source_url"):
        rest.pop("source_url", None)
    given = load(ActivitySchema(), rest)
    first, last = given.pop("held_on"), given.pop("held_until")
    days = _days(first, last)
    return ActivityDetails(
        held_on=days.held_on,
        held_until=days.held_until,
        held_precision=days.held_precision,
        parties=tuple(_parties(values)),
        figures=tuple(_figures(values)),
        outcomes=outcomes,
        **given,
    )


def days_from(values: Mapping[str, Any]) -> HeldDays:
    """When it took place. Raises Invalid by field."""
    given = load(DaysSchema(), values)
    return _days(given["held_on"], given["held_until"])


def figures_from(values: Mapping[str, Any]) -> tuple[FigureLine, ...]:
    """Further figures, with the note and the source that they share. Raises Invalid by field."""
    about = load(AboutSchema(), {name: value for name, value in values.items() if not FIGURE.fullmatch(name)})
    labels = {name: about.pop(name) for name in ("label_zh", "label_en")}
    found = [replace(line, **about) for line in _figures(values)]
    return tuple(replace(line, **labels) if line.code is FigureCode.OTHER else line for line in found)


def correction_from(values: Mapping[str, Any], code: FigureCode) -> Correction:
    """A corrected figure. Raises Invalid by field."""
    given = load(CorrectionSchema(), values)
    reason = given.pop("reason")
    return Correction(FigureLine(code, **given), reason)


def reading_from(values: Mapping[str, Any]) -> str:
    """What a doubtful figure means. Raises Invalid."""
    return str(load(CheckSchema(), values)["reading"])


def link_from(values: Mapping[str, Any], kind: str, public_id: str) -> OutcomeLine:
    """A linked record. Raises Invalid by field."""
    return OutcomeLine(kind, public_id, load(LinkSchema(), values)["link"])


def _days(first: tuple[date | None, Precision], last: tuple[date | None, Precision]) -> HeldDays:
    (held_on, precision), (held_until, other) = first, last
    if held_until is not None and other is not precision and held_on is not None:
        raise Invalid({"held_until": [msg("Give the first and the last day equally exactly")]})
    return HeldDays(held_on, held_until, precision)


def _parties(values: Mapping[str, Any]) -> Iterator[PartyLine]:
    """Rows in their order; empty ones are left out."""
    for number in range(MOST_PARTIES):
        named = {part: str(values.get(f"party-{number}-{part}", "")) for part in ("part", "organisation", "reported")}
        try:
            row = load(PartySchema(), named)
        except Invalid as error:
            raise Invalid({f"party-{number}-{name}": told for name, told in error.fields.items()}) from error
        if row["organisation"] or row["reported"]:
            yield PartyLine(row["part"] or Part.PARTICIPANT, row["organisation"], row["reported"])


def _figures(values: Mapping[str, Any]) -> Iterator[FigureLine]:
    for name, text in values.items():
        match = FIGURE.fullmatch(name)
        if match is None or not str(text).strip():
            continue
        if match[1] not in set(FigureCode):
            raise Invalid({name: [msg("This field is not known here")]})
        yield FigureLine(FigureCode(match[1]), str(text).strip())
