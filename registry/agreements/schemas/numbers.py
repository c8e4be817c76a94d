"""What a section head says of how the organisation numbers."""

from typing import Any

from marshmallow import fields, post_load

from ...core.web.schema import InputSchema, Text, Whole
from ..inputs import NumberRules
from ..models import AgreementKind
from .fields import Code

MOST_LETTERS = 20
MOST_NUMBER = 999_999
APART, IN_COMMON = COUNTINGS = ("apart", "in_common")
WordsByKind = InputSchema.from_dict({str(kind): Text(MOST_LETTERS, load_default="") for kind in AgreementKind})


class NumberRulesSchema(InputSchema):
    """The organisation's word, other words by kind (empty means the organisation's), and what is counted together."""

    prefix = Text(MOST_LETTERS, required=True)
    kinds = fields.Nested(WordsByKind, load_default=dict)
    counting = Code(COUNTINGS, load_default=APART)

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> NumberRules:
        kinds = {AgreementKind(kind): word for kind, word in data["kinds"].items() if word}
        return NumberRules(data["prefix"], kinds, in_common=data["counting"] == IN_COMMON)


class StartSchema(InputSchema):
    """Where a series begins this year."""

    series = Text(MOST_LETTERS, load_default="")
    start = Whole(1, MOST_NUMBER, required=True)
