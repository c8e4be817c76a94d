"""Forms: what was typed, what was wrong with it, and the way back to the page. 表单."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from ..errors import Invalid
from ..i18n import Message

RESERVED = frozenset({"csrf_token", "nonce", "row_version", "next"})


@dataclass
class Form:
    """Values to show in a form and messages by field; templates ask `form.value(name)` and `form.errors(name)`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    messages: Mapping[str, Sequence[Message | str]] = field(default_factory=dict)

    def value(self, name: str, default: Any = "") -> Any:
        """What stands in the field."""
        found = self.values.get(name)
        return default if found is None else found

    def errors(self, name: str) -> Sequence[Message | str]:
        """What is wrong with the field."""
        return self.messages.get(name, ())

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.messages)

    def refused(self, error: Invalid) -> "Form":
        """The same values with the error's messages."""
        return Form(self.values, error.fields)


def form_values(*, lists: Sequence[str] = ()) -> dict[str, Any]:
    """The posted fields without the reserved ones; names in `lists` keep all their values."""
    posted: MultiDict[str, str] = request.form
    return {
        name: posted.getlist(name) if name in lists else posted[name]
        for name in [*posted, *(name for name in lists if name not in posted)]
        if name not in RESERVED
    }


def row_version() -> int:
    """The version that the form was made from; 0 when absent, which is always stale."""
    given = request.form.get("row_version", "")
    return int(given) if given.isdigit() and len(given) < 10 else 0
