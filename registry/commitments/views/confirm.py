"""Confirming reported figures from the list: one by its button, several with one note. 批量核验."""

from flask import flash, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.errors import Invalid, Unmet
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values
from ...core.web.guard import needs
from ...core.web.shell import there
from ...records.views.pages import user
from ..schemas import tokens_from, words_from
from ..services import confirming
from .blueprint import blueprint
from .browse import asked, page_of


@blueprint.post("/commitments/confirm")
@needs(Action.COMMITMENT_VERIFY)
def confirm() -> ResponseReturnValue:
    """All of the chosen ones, or none: what hinders is told for each, and the choice is kept."""
    form = Form(form_values(lists=("chosen",)))
    try:
        with once.transaction() as result:
            wanted = tokens_from(request.form.getlist("one") or request.form.getlist("chosen"))
            count = confirming.verify_chosen(wanted, words_from({"note": form.value("note")}).note, user())
            result.at(there("commitments.index"))
    except (Invalid, Unmet) as error:
        refused = form.refused(error) if isinstance(error, Invalid) else form
        return page_of(asked(), error, refused), error.status
    flash(str(msg("Verified: %(count)s", count=count)), "success")
    return result.redirect()
