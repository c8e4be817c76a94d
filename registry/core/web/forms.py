"""Forms: what was typed, what was wrong with it, and the way back to the page. 表单."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, g, request
from werkzeug.datastructures import MultiDict

from ..errors import Invalid
from ..i18n import Message
from . import parked

RESERVED = frozenset({"csrf_token", "nonce", "row_version", "next"})


@dataclass
class Form:
    """Values to show in a form and messages by field; templates ask `form.value(name)` and `form.errors(name)`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    messages: Mapping[str, Sequence[Message | str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # filled by the fields themselves as they are drawn

    def value(self, name: str, default: Any = "") -> Any:
        """What stands in the field."""
        found = self.values.get(name)
        return default if found is None else found

    def ticked(self, name: str, value: Any) -> bool:
        """Whether a box or radio with this value is chosen; `True` stands for the box's own value."""
        found = self.values.get(name)
        if isinstance(found, bool):
            return found
        chosen = found if isinstance(found, list | tuple | set | frozenset) else [found]
        return str(value) in {str(one) for one in chosen if one is not None}

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

    def note(self, name: str, label: object) -> None:
        """A field tells its label, so that the error summary can name it."""
        self.labels[name] = str(label)

    def anchor(self, name: str) -> str:
        """The id of the field's control."""
        return f"f-{name}"


def install(app: Flask) -> None:
    """What the macros of forms call."""
    app.jinja_env.globals |= {"blank_form": Form, "kept_version": kept_version}


def form_values(*, lists: Sequence[str] = ()) -> dict[str, Any]:
    """The posted fields without the reserved ones; names in `lists` keep all their values."""
    posted: MultiDict[str, str] = request.form
    return {
        name: posted.getlist(name) if name in lists else posted[name]
        for name in [*posted, *(name for name in lists if name not in posted)]
        if name not in RESERVED
    }


def restored(path: str = "", *, lists: Sequence[str] = ()) -> Form | None:
    """What the reader had sent to `path` (else to the present address) when their session was over.

    Views that show a form write `form = restored() or Form({...})`.
    """
    fields = parked.take(path or request.path)
    if fields is None:
        return None
    g.kept_row_version = fields.get("row_version", [""])[0]
    return Form(
        {name: values if name in lists else values[0] for name, values in fields.items() if name not in RESERVED}
    )


def row_version() -> int:
    """The version that the form was made from; 0 when absent, which is always stale."""
    return _version(request.form.get("row_version", ""))


def kept_version(current: int) -> int:
    """The version to put into a form: the row's, but a form that comes back keeps the one that it was made from."""
    if g.get("shows_newest"):
        return current
    given = request.form.get("row_version", "") if request.method == "POST" else g.get("kept_row_version", "")
    return _version(given) or current


def show_newest() -> None:
    """The page that answers a stale form shows the newest record, so its forms take the newest version."""
    g.shows_newest = True


def _version(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 10 else 0
