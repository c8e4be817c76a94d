"""Briefings as they are typed. 专报表单."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from ..core.errors import Invalid
from ..core.i18n import msg
from ..core.web.schema import InputSchema, LongText, Text, load
from .inputs import BriefingTexts

MONTH = re.compile(r"(\d{4})\s*[-./年]?\s*(0?[1-9]|1[0-2])\s*月?")
EARLIEST, LATEST = 194910, 219912
LONGEST_PART = 1_000  # both parts and the figures go on two pages
BAD_MONTH = msg("Write the month like 2023-03 or 2023年3月")


class TextsSchema(InputSchema):
    """What people write beside the figures."""

    makes = BriefingTexts
    author = Text(200, load_default="")
    report_to = Text(200, load_default="")
    problems_zh = LongText(LONGEST_PART, load_default="")
    problems_en = LongText(2 * LONGEST_PART, load_default="")
    next_zh = LongText(LONGEST_PART, load_default="")
    next_en = LongText(2 * LONGEST_PART, load_default="")


class Month(fields.Field[int]):
    """A month as YYYYMM."""

    default_error_messages: dict[str, Any] = {"required": BAD_MONTH}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> int:
        month = month_from(str(value))
        if month is None:
            raise ValidationError([BAD_MONTH])
        return month


class MonthSchema(InputSchema):
    """The month to draw up."""

    month = Month(required=True)


class LanguageSchema(InputSchema):
    """The language of a template."""

    language = Text(2, required=True)


def texts_from(values: Mapping[str, Any]) -> BriefingTexts:
    """The words of the form. Raises Invalid by field."""
    given: BriefingTexts = load(TextsSchema(), values)
    return given


def asked_month(values: Mapping[str, Any]) -> int:
    """The month of the form. Raises Invalid."""
    return int(load(MonthSchema(), values)["month"])


def language_from(values: Mapping[str, Any]) -> str:
    """zh or en. Raises Invalid."""
    language = str(load(LanguageSchema(), {"language": values.get("language", "")})["language"])
    if language not in ("zh", "en"):
        raise Invalid({"language": [msg("Choose a language")]})
    return language


def month_from(text: str) -> int | None:
    """YYYYMM of 2023-03, 202303, 2023年3月; None for anything else, or outside 1949 to 2199."""
    found = MONTH.fullmatch(text.strip())
    month = int(found[1]) * 100 + int(found[2]) if found else 0
    return month if EARLIEST <= month <= LATEST else None
