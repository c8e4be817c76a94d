"""Visits as they are typed, or stand in a ledger: codes or their Chinese words. 走访表单."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields

from ..agreements.schemas.fields import WebAddress
from ..core.errors import Invalid
from ..core.figures.kinds import Unit
from ..core.i18n import Message, msg
from ..core.web.figures import Figure
from ..core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole, load
from . import words
from .enums import DROPPED, Direction, EmployerNature, FigureCode, Intention, LeadLevel, Rating, VisitKind, VisitState
from .inputs import FindingTask, PlannedDay, VisitDetails

LISTS = ("intentions",)
MOST_WORKDAYS = 500
SUGGESTED = 26
LISTED = msg("Choose one of the listed values")


class Word(fields.Field[StrEnum]):
    """A code, or the word that ledgers use for it; empty means None."""

    def __init__(self, kind: type[StrEnum], known: Mapping[str, Any], **rest: Any) -> None:
        super().__init__(**rest)
        self.kind, self.known = kind, known

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        if not str(value).strip():
            return None
        found = words.code_of(str(value), self.kind, self.known)
        if found is None:
            raise ValidationError([LISTED])
        return found


class Intentions(fields.Field[tuple[Intention, ...]]):
    """Several codes, or several words in one cell; what is none of them is another intention."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        cells = value if isinstance(value, list) else [value]
        parts = [part for cell in cells for part in words.parts_of(str(cell))]
        named = [words.code_of(part, Intention, words.INTENTION_WORDS) for part in parts]
        found = {one or Intention.OTHER for one in named}
        return tuple(one for one in Intention if one in found)


class YesOrNo(fields.Field[bool]):
    """yes and no, 是 and 否, √ and ×; empty means that nobody said."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        if isinstance(value, bool):
            return value
        if not str(value).strip():
            return None
        found = words.yes_or_no(str(value))
        if found is None:
            raise ValidationError([msg("Answer with yes or no")])
        return found


class VisitSchema(InputSchema):
    """A visit; kind and day are required."""

    kind = Choice(VisitKind, required=True)
    day = Day(required=True)
    took_place = YesOrNo(load_default=None)
    direction = Word(Direction, words.DIRECTION_WORDS, load_default=None)
    visited = Text(26, load_default="")
    visited_name = Text(load_default="")
    visited_uscc = Text(30, load_default="")
    region = Text(6, load_default="")
    nature = Word(EmployerNature, words.NATURE_WORDS, load_default=None)
    industry = Text(1, load_default="")
    visitor = Text(26, load_default="")
    subject = Text(60, load_default="")
    leader_name = Text(60, load_default="")
    leader_office = Text(100, load_default="")
    lead_level = Word(LeadLevel, words.LEVEL_WORDS, load_default=None)
    participants = Text(1000, load_default="")
    college = Text(100, load_default="")
    receiver = Text(60, load_default="")
    receiver_title = Text(100, load_default="")
    is_first = YesOrNo(load_default=None)
    majors = Text(1000, load_default="")
    intentions = Intentions(load_default=())
    base_built = YesOrNo(load_default=None)
    tracked = YesOrNo(load_default=None)
    rating = Word(Rating, words.RATING_WORDS, load_default=None)
    findings = LongText(10_000, load_default="")
    problems = LongText(10_000, load_default="")
    feedback = LongText(4000, load_default="")
    follow_up = LongText(1000, load_default="")
    follow_up_days = Whole(1, MOST_WORKDAYS, load_default=None)
    next_on = Day(load_default=None)
    source = LongText(1000, load_default="")
    source_url = WebAddress(load_default="")
    posts = Figure(Unit.POSITIONS, load_default=None)
    internships = Figure(Unit.POSITIONS, load_default=None)
    average_pay = Figure(Unit.YUAN_PER_MONTH, load_default=None)


class DropSchema(InputSchema):
    """Whether it was cancelled or did not take place, and why; that a reason is needed is the service's rule."""

    state = Choice(VisitState, required=True)
    reason = LongText(1000, load_default="")


class FindingSchema(InputSchema):
    """One finding."""

    text = Text(500, required=True)


class TaskSchema(InputSchema):
    """A finding's task."""

    makes = FindingTask

    lead = Text(26, required=True)
    days = Whole(1, MOST_WORKDAYS, required=True)
    title_zh = Text(load_default="")
    assignee = Text(26, load_default="")


class PlannedDaySchema(InputSchema):
    """One accepted suggestion."""

    day = Day(required=True)


def visit_from(values: Mapping[str, Any]) -> VisitDetails:
    """The visit that the form describes. Raises Invalid by field."""
    if not values.get("source_url"):
        values = {name: value for name, value in values.items() if name != "source_url"}
    given = load(VisitSchema, values)
    kind, _colon, public_id = given.pop("subject").partition(":")
    figures = {code: given.pop(str(code)) for code in FigureCode}
    problems = _lines(given.pop("problems"))
    return VisitDetails(
        **given | {"took_place": bool(given["took_place"]), "direction": given["direction"] or Direction.GO_OUT},
        subject_kind=kind,
        subject_public_id=public_id,
        problems=problems,
        figures={code: read for code, read in figures.items() if read is not None},
    )


def _lines(text: str) -> tuple[str, ...]:
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    if any(len(line) > 500 for line in lines):
        raise Invalid({"problems": [msg("At most %(limit)s characters a line", limit=500)]})
    return lines


def drop_from(values: Mapping[str, Any]) -> tuple[VisitState, str]:
    """How and why it did not take place. Raises Invalid by field."""
    given = load(DropSchema(), values)
    if given["state"] not in DROPPED:
        raise Invalid({"state": [LISTED]})
    return given["state"], given["reason"]


def finding_from(values: Mapping[str, Any]) -> str:
    """The finding. Raises Invalid."""
    return str(load(FindingSchema(), values)["text"])


def task_from(values: Mapping[str, Any]) -> FindingTask:
    """The task of a finding. Raises Invalid by field."""
    made: FindingTask = load(TaskSchema(), values)
    return made


def plan_from(picked: list[str], values: Mapping[str, Any]) -> list[PlannedDay]:
    """The accepted suggestions with their days. Raises Invalid by field."""
    lines, problems = [], {}
    for agreement in picked:
        try:
            day = load(PlannedDaySchema(), {"day": values.get(f"day-{agreement}", "")})["day"]
            lines.append(PlannedDay(agreement[:SUGGESTED], day))
        except Invalid as error:
            problems[f"day-{agreement}"] = error.fields["day"]
    if problems:
        raise Invalid(problems)
    return lines


def told(value: bool | None) -> str:
    """What stands in the form for it."""
    return "" if value is None else "yes" if value else "no"


YES_NO: tuple[tuple[str, Message], ...] = (("yes", msg("Yes")), ("no", msg("No")))
