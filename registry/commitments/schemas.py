"""What is typed about promises: figures, notes, evidence, descriptions, marks. 承诺表单."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from ..core.dates import FULL_WIDTH
from ..core.figures.kinds import Number
from ..core.i18n import msg
from ..core.web.schema import REQUIRED, Choice, Day, InputSchema, LongText, Text, Whole, load
from .curves import MONTHS
from .enums import Category, Comparator, Curve, Measure, Recurrence, VerifyRule
from .inputs import Description, NewCommitment, Proof

FIGURE = re.compile(r"\d{1,12}(\.\d{1,4})?")
PROOF = re.compile(r"([a-z_]{1,40}):([0-9A-Z]{26})")
TOKEN = re.compile(r"([0-9A-Z]{26}):(\d{1,9})")
WEIGHTS = [f"weight-{number}" for number in range(1, MONTHS + 1)]


class Amount(fields.Field[Number]):
    """A figure with at most four decimals, full-width digits too; empty means None unless required."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        text = str(value).strip().translate(FULL_WIDTH).replace(",", "").removesuffix("%").strip()
        if not text:
            if self.required:
                raise ValidationError([REQUIRED])
            return None
        if not FIGURE.fullmatch(text):
            raise ValidationError([msg("This must be a number with at most four decimals")])
        number = Decimal(text)
        return int(number) if number == int(number) else number


class Proofs(fields.Field[tuple[Proof, ...]]):
    """Records that were ticked, each as kind and public id."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        given = value if isinstance(value, list) else [value]
        found = [PROOF.fullmatch(str(one)) for one in given if one]
        if None in found:
            raise ValidationError([msg("Choose one of the listed values")])
        return tuple(Proof(one[1], one[2]) for one in found if one)


class Codes(fields.Field[tuple[str, ...]]):
    """Several codes of a list of boxes."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        given = value if isinstance(value, list) else [value]
        return tuple(str(one)[:40] for one in given if one)


@dataclass(frozen=True)
class Words:
    """What somebody hands in with an act on a period; which of it counts is the act's business."""

    figure: Number | None = None
    note: str = ""
    reason: str = ""
    evidence: tuple[Proof, ...] = ()

    def with_files(self, names: Sequence[str]) -> "Words":
        """The note names the files that were sent along."""
        return replace(self, note=f"{self.note}\n附件：{'、'.join(names)}".strip())


class WordsSchema(InputSchema):
    """Any of these."""

    makes = Words

    figure = Amount(load_default=None)
    note = LongText(2000, load_default="")
    reason = LongText(1000, load_default="")
    evidence = Proofs(load_default=())


class DescriptionSchema(InputSchema):
    """What is known beyond the signed text."""

    category = Choice(Category, required=True)
    curve = Choice(Curve, load_default=Curve.LINEAR)
    evidence_kinds = Codes(load_default=())
    verify_rule = Choice(VerifyRule, load_default=VerifyRule.ANY)


class WeightsSchema(InputSchema):
    """Twelve weights; empty ones are zero."""

    locals().update({name: Whole(0, 1000, load_default=0) for name in WEIGHTS})


class MarkSchema(InputSchema):
    """A promise found in an article."""

    title_zh = Text(400, load_default="")
    title_en = Text(400, load_default="")
    obligors = Codes(load_default=())
    target = Amount(required=True)
    unit = Text(40, load_default="")
    measure = Choice(Measure, load_default=Measure.COUNT)
    comparator = Choice(Comparator, load_default=Comparator.AT_LEAST)
    recurrence = Choice(Recurrence, load_default=Recurrence.YEARLY)
    due_on = Day(load_default=None)
    rule = LongText(1000, load_default="")
    evidence_required = LongText(1000, load_default="")


def words_from(values: Mapping[str, Any]) -> Words:
    """What was said with an act. Raises Invalid by field."""
    found: Words = load(WordsSchema(), _own(WordsSchema, values))
    return found


def description_from(values: Mapping[str, Any]) -> Description:
    """The description that the form gives. Raises Invalid by field."""
    weights = load(WeightsSchema(), _own(WeightsSchema, values))
    given = load(DescriptionSchema(), _own(DescriptionSchema, values))
    chosen = tuple(weights.get(name) or 0 for name in WEIGHTS) if given["curve"] is Curve.CUSTOM else ()
    return Description(weights=chosen, **given)


def mark_from(values: Mapping[str, Any]) -> NewCommitment:
    """The promise that the form describes. Raises Invalid by field."""
    return NewCommitment(description=description_from(values), **load(MarkSchema(), _own(MarkSchema, values)))


def _own(schema: type[InputSchema], values: Mapping[str, Any]) -> dict[str, Any]:
    """A form of several parts: each schema takes the fields that it has."""
    return {name: value for name, value in values.items() if name in schema._declared_fields}


def tokens_from(values: list[str]) -> dict[str, int]:
    """Periods by public id with the version that was seen; what is no such thing is left out."""
    found = (TOKEN.fullmatch(one) for one in values)
    return {one[1]: int(one[2]) for one in found if one}
