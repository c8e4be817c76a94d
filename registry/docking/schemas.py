"""Docking cases and their stages as they are typed; texts that hold a person's number are refused. 企业对接表单."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from marshmallow import ValidationError

from ..agreements.schemas.fields import WebAddress
from ..core.errors import Invalid
from ..core.i18n import msg
from ..core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole, load
from ..organisations.schemas import CreditCode
from .counts import OF_STAGE
from .enums import DropReason, Stage
from .inputs import CaseDetails, Correction, Link, Loss, Plan, StageDetails
from .personal import personal_number

MOST_PEOPLE = 100_000
MOST_PAY = 1_000_000
LONGEST_ADDRESS = 500
IN_ADDRESS = re.compile(r"/([0-9A-HJKMNP-TV-Z]{26})(?:[/?#]|$)")  # a ULID in the address of a page


class CountsOnly(Text):
    """A line of text without telephone or identity numbers."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        text = super()._deserialize(value, attr, data, **rest)
        refusal = personal_number(text)
        if refusal:
            raise ValidationError([refusal])
        return text


class LongCountsOnly(CountsOnly, LongText):
    """The same in several lines."""


class Address(WebAddress):
    """A web address, or none."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        return super()._deserialize(value, attr, data, **rest) if str(value).strip() else ""


class CaseSchema(InputSchema):
    """A case; the university is required, and an enterprise one way or the other."""

    makes = CaseDetails

    university = Text(26, required=True)
    enterprise = Text(26, load_default="")
    enterprise_as_reported = CountsOnly(load_default="")
    uscc = CreditCode(load_default=None)
    bureau = Text(26, load_default="")
    region = Text(6, load_default="")
    industry = Text(1, load_default="")
    majors = CountsOnly(1000, load_default="")
    posts = Whole(0, MOST_PEOPLE, load_default=None)
    headcount = Whole(0, MOST_PEOPLE, load_default=None)
    contact = Text(26, load_default="")
    responsible = CountsOnly(60, load_default="")
    agreement = Text(26, load_default="")
    remark = LongCountsOnly(2000, load_default="")
    registered_on = Day(load_default=None)
    source = LongCountsOnly(1000, load_default="")
    source_url = Address(load_default="")


class EvidenceSchema(InputSchema):
    """What every stage has: its day, evidence in words and as an address."""

    actual_on = Day(required=True)
    evidence = LongCountsOnly(2000, load_default="")
    evidence_url = Address(load_default="")


class LossSchema(InputSchema):
    """Why it came to nothing."""

    makes = Loss

    drop_reason = Choice(DropReason, required=True)
    words = LongCountsOnly(1000, required=True)


class ReasonSchema(InputSchema):
    """A reason in which nobody is named by number."""

    reason = LongCountsOnly(1000, load_default="")


class LinkSchema(InputSchema):
    """A record by its kind, and its id or the address of its page."""

    kind = Text(40, required=True)
    record = Text(LONGEST_ADDRESS, required=True)


@cache
def _stage_schema(stage: Stage, reason: str) -> InputSchema:
    """The counts of a stage beside its evidence, and a reason by the name that the form gives it."""
    counts = {
        name: Whole(0, MOST_PAY if name.startswith("pay") else MOST_PEOPLE, load_default=None)
        for name in OF_STAGE[stage]
    }
    made = EvidenceSchema.from_dict({**counts, reason: LongCountsOnly(1000, load_default="")})
    return made()  # type: ignore[return-value]  # from_dict keeps the class that it is called on


def case_from(values: Mapping[str, Any]) -> CaseDetails:
    """The case that the form describes. Raises Invalid by field."""
    made: CaseDetails = load(CaseSchema, values)
    return made


def stage_from(stage: Stage, values: Mapping[str, Any]) -> StageDetails:
    """A stage that was reached. Raises Invalid by field."""
    given = load(_stage_schema(stage, "skip_reason"), values)
    return StageDetails(counts={name: given.pop(name) for name in OF_STAGE[stage]}, **given)


def correction_from(stage: Stage, values: Mapping[str, Any]) -> Correction:
    """A stage put right. Raises Invalid by field."""
    given = load(_stage_schema(stage, "why"), values)
    return Correction(counts={name: given.pop(name) for name in OF_STAGE[stage]}, reason=given.pop("why"), **given)


def plan_from(values: Mapping[str, Any]) -> Plan:
    """The planned days of the stages ahead; the form has a field for each. Raises Invalid by field."""
    days = InputSchema.from_dict({f"plan_{stage}": Day(load_default=None) for stage in Stage})()
    given = load(days, values)  # type: ignore[arg-type]  # from_dict keeps the class that it is called on
    return {stage: given[f"plan_{stage}"] for stage in Stage}


def loss_from(values: Mapping[str, Any]) -> Loss:
    """Why it came to nothing. Raises Invalid by field."""
    made: Loss = load(LossSchema(), values)
    return made


def reason_from(values: Mapping[str, Any]) -> str:
    """A reason; whether one is required is the service's rule. Raises Invalid."""
    return str(load(ReasonSchema(), values)["reason"])


def link_from(values: Mapping[str, Any]) -> Link:
    """Another record; the address of its page will do for its id. Raises Invalid by field."""
    given = load(LinkSchema(), values)
    found = IN_ADDRESS.search(f"/{given['record']}" if "/" not in given["record"] else given["record"])
    if found is None:
        raise Invalid({"record": [msg("Paste the address of the record's page, or its id of 26 characters")]})
    return Link(given["kind"], found[1])
