"""Tasks, reports and slips as they are typed. 任务表单."""

import re
from collections.abc import Mapping
from typing import Any

from ..core.errors import Invalid
from ..core.i18n import msg
from ..core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole, load
from .enums import CHOSEN_SOURCES, SlipColour, TaskSource
from .inputs import NewTask, Report, SlipDetails, TaskDetails
from .services import MOST_DAYS

SUPPORTING = re.compile(r"supporting-(\d)")
MOST_SUPPORTING = 6


class DetailsSchema(InputSchema):
    """What may be changed later; title and lead are required."""

    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    goal = LongText(4000, load_default="")
    lead = Text(26, required=True)
    leader = Text(100, load_default="")
    starts_on = Day(load_default=None)
    due_on = Day(load_default=None)
    days = Whole(1, MOST_DAYS, load_default=None)


class NewSchema(DetailsSchema):
    """A new task, and the record that it is about."""

    source = Choice(TaskSource, required=True)
    subject_kind = Text(40, load_default="")
    subject_public_id = Text(26, load_default="")


class InstructionSchema(DetailsSchema):
    """A leader's instruction; what is to be done is its text."""

    goal = LongText(4000, required=True)


class ReportSchema(InputSchema):
    """Progress, what is in the way, what has to be coordinated."""

    makes = Report

    note = LongText(4000, required=True)
    percent = Whole(0, 100, load_default=None)
    problems = LongText(2000, load_default="")
    help_needed = LongText(2000, load_default="")


class SlipSchema(InputSchema):
    """A supervision slip."""

    makes = SlipDetails

    colour = Choice(SlipColour, required=True)
    demand = LongText(2000, required=True)
    answer_by = Day(load_default=None)


class EvidenceSchema(InputSchema):
    """What shows that a task is done; that there is any is the service's rule."""

    evidence = LongText(4000, load_default="")


class NoteSchema(InputSchema):
    """What the verifier found."""

    note = LongText(1000, load_default="")


class AssigneeSchema(InputSchema):
    """Somebody, or nobody in particular."""

    assignee = Text(26, load_default="")


def new_from(values: Mapping[str, Any]) -> NewTask:
    """The task that the form describes. Raises Invalid by field."""
    given, supporting = _load(NewSchema(), values)
    if given["source"] not in CHOSEN_SOURCES:
        raise Invalid({"source": [msg("Choose one of the listed values")]})
    return NewTask(supporting=supporting, **given)


def instruction_from(values: Mapping[str, Any], kind: str, public_id: str) -> NewTask:
    """The instruction that the form describes, about one record. Raises Invalid by field."""
    given, supporting = _load(InstructionSchema(), values)
    given |= {"subject_kind": kind, "subject_public_id": public_id}
    return NewTask(source=TaskSource.INSTRUCTION, supporting=supporting, **given)


def details_from(values: Mapping[str, Any]) -> TaskDetails:
    """What the form changes. Raises Invalid by field."""
    given, supporting = _load(DetailsSchema(), values)
    return TaskDetails(supporting=supporting, **given)


def _load(schema: InputSchema, values: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    rest = {name: value for name, value in values.items() if not SUPPORTING.fullmatch(name)}
    named = (str(values.get(f"supporting-{number}", ""))[:26].strip() for number in range(MOST_SUPPORTING))
    return load(schema, rest), tuple(one for one in named if one)


def report_from(values: Mapping[str, Any]) -> Report:
    """The report that the form describes. Raises Invalid by field."""
    given: Report = load(ReportSchema(), values)
    return given


def slip_from(values: Mapping[str, Any]) -> SlipDetails:
    """The slip that the form describes. Raises Invalid by field."""
    given: SlipDetails = load(SlipSchema(), values)
    return given


def evidence_from(values: Mapping[str, Any]) -> str:
    """What shows that it is done. Raises Invalid."""
    return str(load(EvidenceSchema(), values)["evidence"])


def note_from(values: Mapping[str, Any]) -> str:
    """What the verifier found. Raises Invalid."""
    return str(load(NoteSchema(), values)["note"])


def assignee_from(values: Mapping[str, Any]) -> str:
    """Who does it, by public id; empty for nobody in particular. Raises Invalid."""
    return str(load(AssigneeSchema(), values)["assignee"])
