"""Bases as they are typed. 基地表单."""

from collections.abc import Mapping
from typing import Any

from ..agreements.schemas.fields import PartialDay
from ..core.dates import Precision
from ..core.web.schema import Choice, Day, InputSchema, LongText, Text, Whole, load
from ..organisations.schemas import CreditCode
from .enums import BaseKind, BaseLevel
from .inputs import BaseDetails

MOST = 100_000


class BaseSchema(InputSchema):
    """A base; its name, kind and employer are required."""

    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    kind = Choice(BaseKind, required=True)
    level = Choice(BaseLevel, load_default=None)
    employer = Text(26, load_default="")
    employer_as_reported = Text(load_default="")
    uscc = CreditCode(load_default=None)
    university = Text(26, load_default="")
    approval_no = Text(100, load_default="")
    approved_on = PartialDay(load_default=(None, Precision.UNKNOWN))
    expires_on = Day(load_default=None)
    posts = Whole(0, MOST, load_default=None)
    on_post = Whole(0, MOST, load_default=None)
    completed = Whole(0, MOST, load_default=None)
    retained = Whole(0, MOST, load_default=None)
    remark = LongText(1000, load_default="")
    source = LongText(1000, load_default="")


def base_from(values: Mapping[str, Any]) -> BaseDetails:
    """The base that the form describes. Raises Invalid by field."""
    given = load(BaseSchema, values)
    day, precision = given.pop("approved_on")
    return BaseDetails(approved_on=day, approved_precision=precision, **given)
