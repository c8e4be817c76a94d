"""A figure in a form: text in, what it says out, doubts kept. 表单中的数字."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from ..figures.kinds import Unit
from ..figures.reading import MISSING, BadFigure, ReadFigure, read_figure
from ..i18n import msg
from .schema import REQUIRED

BEYOND = 10**15  # where floats stop knowing single units; NaN is not below it either


class Figure(fields.Field[ReadFigure]):
    """A figure as people write it, or a number; empty or a dash means None unless required. `unit` is the column's."""

    default_error_messages: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED}

    def __init__(self, unit: Unit | None = None, **rest: Any) -> None:
        super().__init__(**rest)
        self.unit = unit

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Any:
        text = _text(value)
        if text.strip() in MISSING:
            if self.required:
                raise ValidationError([REQUIRED])
            return None
        try:
            return read_figure(text, self.unit)
        except BadFigure as bad:
            raise ValidationError([bad.message]) from bad


def _text(value: Any) -> str:
    """Cells and JSON hand over numbers, of which a name like 24365 has no part: a typed number is one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < BEYOND:
        raise ValidationError([msg("This must be a number or text")])
    return f"{int(value):,}" if value == int(value) else str(value)
