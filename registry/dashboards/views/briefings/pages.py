"""The page of one briefing: read, changed, issued; and the way from an item to it. 专报页."""

from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from ....core.access.actions import Action
from ....core.errors import Conflict, Invalid, RegistryError, Stale
from ....core.i18n import msg
from ....core.web import once
from ....core.web.forms import Form, form_values, restored, row_version, show_newest
from ....core.web.guard import actor, needs
from ....records.views.pages import user
from ... import policy
from ...briefing.patterns import LANGUAGES
from ...models import Briefing
from ...queries import briefings as queries
from ...schemas import texts_from
from ...services import briefings, issued
from . import shown
from .blueprint import blueprint


@blueprint.get("/<month>")
@needs(Action.BRIEFING_VIEW)
def show(month: str) -> ResponseReturnValue:
    """What it says, each figure linked to its list."""
    return shown.page(shown.month_of_address(month))


@blueprint.get("/<month>/edit")
@needs(Action.BRIEFING_EDIT)
def edit(month: str) -> ResponseReturnValue:
    """The words beside the figures."""
    briefing = queries.get_briefing(actor(), shown.month_of_address(month))
    policy.may_edit(user(), briefing).enforce()
    return _form(restored() or Form(_stored(briefing)), briefing)


@blueprint.post("/<month>/edit")
@needs(Action.BRIEFING_EDIT)
def save(month: str) -> ResponseReturnValue:
    """Change them."""
    number, form = shown.month_of_address(month), Form(form_values())
    try:
        with once.transaction() as result:
            briefings.edit(queries.get_for_change(actor(), number, row_version()), texts_from(form.values), user())
            result.at(url_for("briefings.show", month=month))
    except Invalid as error:
        return _form(form.refused(error), queries.get_briefing(actor(), number)), 422
    except Stale as error:
        show_newest()
        return _form(form, queries.get_briefing(actor(), number), error), 409
    except Conflict as error:
        return shown.page(number, error=error), error.status
    flash(str(msg("The briefing is saved")), "success")
    return result.redirect()


@blueprint.post("/<month>/issue")
@needs(Action.BRIEFING_ISSUE)
def issue(month: str) -> ResponseReturnValue:
    """Issue it: from now on nothing of it changes."""
    number = shown.month_of_address(month)
    files = {key: kept for one in LANGUAGES for key, kept in issued.drawn(shown.told_of(number, one).said).items()}
    try:
        with once.transaction() as result:
            briefings.issue(queries.get_for_change(actor(), number, row_version()), user(), files)
            result.at(url_for("briefings.show", month=month))
    except Conflict as error:
        if isinstance(error, Stale):
            show_newest()
        return shown.page(number, error=error), error.status
    flash(str(msg("The briefing is issued")), "success")
    return result.redirect()


@blueprint.get("/items/<public_id>")
@needs(Action.BRIEFING_VIEW)
def item(public_id: str) -> ResponseReturnValue:
    """Where a sentence stands that an instruction is about."""
    found = queries.get_item(public_id, actor())
    done = once.Done()
    done.at(url_for("briefings.show", month=found.briefing.month_text, _anchor=found.public_id))
    return done.redirect()


def _stored(briefing: Briefing) -> dict[str, Any]:
    return {name: getattr(briefing, name) for name in briefings.FIELDS}


def _form(form: Form, briefing: Briefing, error: RegistryError | None = None) -> str:
    return render_template("briefings/edit.html", form=form, briefing=briefing, error=error)
