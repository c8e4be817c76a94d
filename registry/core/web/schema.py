"""marshmallow fields and the base of all schemas: outside → input dataclass, for form, API and spreadsheet alike."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, TypeVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load

from ..dates import FULL_WIDTH, BadDate, Precision, parse_date, read_partial
from ..errors import Invalid
from ..i18n import Message, msg
from ..text import FIELD, LINE, BadText, clean

T = TypeVar("T")
REQUIRED = msg("This field is required")


class Text(fields.Field[str]):
    """A line of text, or several, made clean; empty is refused when required."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def __init__(self, limit: int = LINE, *, multiline: bool = False, **rest: Any) -> None:
        super().__init__(**rest)
        self.limit = limit
        self.multiline = multiline

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError([msg("This must be text")])
        try:
            text = clean(value, self.limit, multiline=self.multiline)
        except BadText as bad:
            raise ValidationError([bad.message]) from bad
        if self.required and not text:
            raise ValidationError([REQUIRED])
        return text


class LongText(Text):
    """Text of several lines."""

    def __init__(self, limit: int = FIELD, **rest: Any) -> None:
        super().__init__(limit, multiline=True, **rest)


class Day(fields.Field[date]):
    """A date in any of the ways people write it; empty means None unless required."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        if isinstance(value, date):
            return value
        if not str(value).strip():
            if self.required:
                raise ValidationError([REQUIRED])
            return None
        try:
            return parse_date(str(value))
        except BadDate as bad:
            raise ValidationError([bad.message]) from bad


class PartialDay(fields.Field[tuple[date, Precision]]):
    """A date as exactly as the source gives it: 2023-03-18, 2023年3月 or 2023; empty means unknown.

    A month is kept by its first day, a year by its first of January.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        text = str(value).strip().translate(FULL_WIDTH)
        if not text:
            return None, Precision.UNKNOWN
        try:
            return read_partial(text)
        except BadDate as bad:
            raise ValidationError([bad.message]) from bad


class Whole(fields.Field[int]):
    """A whole number between two bounds, full-width digits too; empty means None unless required."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def __init__(self, least: int = 0, most: int = 1_000_000, **rest: Any) -> None:
        super().__init__(**rest)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        text = str(value).strip().replace(",", "")
        if not text:
            if self.required:
                raise ValidationError([REQUIRED])
            return None
        if len(text) > 12 or not text.lstrip("-").isdecimal():
            raise ValidationError([msg("This must be a whole number")])
        if not self.least <= int(text) <= self.most:
            bounds = msg("This must lie between %(least)s and %(most)s", least=self.least, most=self.most)
            raise ValidationError([bounds])
        return int(text)


class Choice(fields.Field[StrEnum]):
    """One code of an enum; empty means None unless required."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def __init__(self, kind: type[StrEnum], **rest: Any) -> None:
        super().__init__(**rest)
        self.kind = kind

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        if value in ("", None) and not self.required:
            return None
        try:
            return self.kind(value)
        except ValueError:
            raise ValidationError([msg("Choose one of the listed values")]) from None


class Yes(fields.Boolean):
    """A tick box: absent means no."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(load_default=False, **rest)


class InputSchema(Schema):
    """Loads into the dataclass named by `Meta.makes`; unknown fields are refused."""

    makes: ClassVar[type | None] = None

    class Meta:
        """Nothing unknown passes: no mass assignment."""

        unknown = RAISE

    error_messages: dict[str, Any] = {"unknown": msg("This field is not known here")}

    @post_load
    def _make(self, data: dict[str, Any], **_rest: Any) -> Any:
        return self.makes(**data) if self.makes else data


@cache
def _ready(kind: type[InputSchema]) -> InputSchema:
    """One instance for all rows of a ledger: making one copies every field. Loading leaves nothing behind in it."""
    return kind()


def load(schema: InputSchema | type[InputSchema], values: Mapping[str, Any]) -> Any:
    """The schema's dataclass from outside values; for what is loaded many times over, the class.

    Raises Invalid with messages by field.
    """
    ready = schema if isinstance(schema, InputSchema) else _ready(schema)
    try:
        return ready.load(dict(values))
    except ValidationError as error:
        raise Invalid(_flat(error.normalized_messages())) from error  # type: ignore[no-untyped-call]


def _flat(messages: Mapping[str, Any], prefix: str = "") -> dict[str, list[Message | str]]:
    """{'parties': {0: {'name': […]}}} → {'parties-0-name': […]}."""
    found: dict[str, list[Message | str]] = {}
    for name, value in messages.items():
        key = f"{prefix}{name}" if name != "_schema" else prefix.rstrip("-")
        if isinstance(value, Mapping):
            found |= _flat(value, f"{key}-")
        else:
            found[key] = list(value) if isinstance(value, list) else [value]
    return found
