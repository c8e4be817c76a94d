"""All briefings of the reader's organisation, and the way to one of a past month. 专报列表."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ....core.access.actions import Action
from ....core.dates import today
from ....core.errors import Conflict, Invalid, RegistryError
from ....core.i18n import msg
from ....core.web import once
from ....core.web.forms import Form, form_values, restored
from ....core.web.guard import actor, needs
from ....core.web.language import language
from ....records.views.pages import user
from ... import policy
from ...briefing import telling
from ...queries import briefings as queries
from ...schemas import asked_month, month_from
from ...services import briefings, templates
from .blueprint import blueprint
from .shown import office

LATER = 999_912


@blueprint.get("")
@needs(Action.BRIEFING_VIEW)
def index() -> ResponseReturnValue:
    """The months, newest first, each with its state and what turned out otherwise since."""
    return _page(restored() or Form())


@blueprint.post("")
@needs(Action.BRIEFING_DRAW_UP)
def draw_up() -> ResponseReturnValue:
    """Draw up a month that is over; one before the registry began says that it was drawn up later."""
    form = Form(form_values())
    try:
        month = asked_month(form.values)
        with once.transaction() as result:
            made = briefings.draw_up(user().organisation, month, user())
            result.at(url_for("briefings.show", month=made.month_text))
    except Invalid as error:
        return _page(form.refused(error)), 422
    except Conflict as error:
        return _page(form, error), error.status
    flash(str(msg("The briefing is drawn up")), "success")
    return result.redirect()


def _page(form: Form, error: RegistryError | None = None) -> str:
    reader = office()
    rows = queries.list_briefings(actor(), month_from(request.args.get("before", "")) or LATER)
    shown = rows[: queries.MOST]
    kept = queries.snapshots_of(actor(), [row.month for row in shown])
    return render_template(
        "briefings/index.html",
        rows=shown,
        older=shown[-1].month_text if len(rows) > queries.MOST else "",
        corrections=telling.corrections_of(kept),
        this_month=f"{today():%Y-%m}",
        is_first_page="before" not in request.args,
        may_draw_up=policy.may_draw_up(reader),
        may_set_template=policy.may_set_template(reader),
        templates={one: templates.current(actor().organisation_id, one) for one in ("zh", "en")},
        spoken=language(),
        form=form,
        error=error,
    )
