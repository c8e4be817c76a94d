"""Fields that only agreements have: lists by line, amounts, codes of a text, addresses of pages."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from ...core.dates import FULL_WIDTH
from ...core.i18n import msg
from ...core.text import BadText, clean
from ...core.web.schema import REQUIRED, PartialDay

__all__ = ["Amount", "Code", "Lines", "PartialDay", "WebAddress"]

AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?")
LINES = 50
LINE = 100


class Lines(fields.Field[list[str]]):
    """One entry a line; empty lines are left out."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> list[str]:
        try:
            found = [clean(line, LINE) for line in str(value).splitlines()]
        except BadText as bad:
            raise ValidationError([bad.message]) from bad
        entries = [line for line in found if line]
        if len(entries) > LINES:
            raise ValidationError([msg("At most %(most)s lines", most=LINES)])
        return entries


class Amount(fields.Field[Decimal]):
    """A number with at most two decimals, as text of one form: 1.50 → 1.5; empty means None."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        text = str(value).strip().replace(",", "").translate(FULL_WIDTH)
        if not text:
            return None
        if not AMOUNT.fullmatch(text):
            raise ValidationError([msg("This must be a number with at most two decimals")])
        return Decimal(text).normalize()


class Code(fields.Field[str]):
    """One of some codes; empty means the first of them unless it is left out on purpose."""

    def __init__(self, codes: Collection[str], **rest: Any) -> None:
        super().__init__(**rest)
        self.codes = codes

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        if value and value not in self.codes:
            raise ValidationError([msg("Choose one of the listed values")])
        return str(value)


class WebAddress(fields.Field[str]):
    """An address that begins with http:// or https://."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        try:
            text = clean(str(value), 500)
        except BadText as bad:
            raise ValidationError([bad.message]) from bad
        if not text:
            raise ValidationError([REQUIRED])
        if not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", text):
            raise ValidationError([msg("Write a whole address that begins with https:// or http://")])
        return text
