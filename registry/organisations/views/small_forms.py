"""Small forms on an organisation's page: refused, the page comes back with what was typed."""

from collections.abc import Callable
from typing import Any

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values
from ..models import Organisation
from ..queries.directory import get_organisation
from .directory import page_of


def on_page(
    public_id: str, name: str, done_text: str, do: Callable[[Organisation, dict[str, Any]], None], anchor: str = ""
) -> ResponseReturnValue:
    """An act of the form called `name`; afterwards the page again, at the part that it changed."""
    values = form_values()
    try:
        with once.transaction() as done:
            do(get_organisation(public_id), values)
            done.at(url_for("organisations.show", public_id=public_id, _anchor=anchor or None))
    except Invalid as error:
        return page_of(get_organisation(public_id), {name: Form(values).refused(error)}, 422)
    flash(done_text, "ok")
    return done.redirect()
