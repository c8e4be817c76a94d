"""The suggested plan of follow-up visits: the clerk keeps all or some, on these days or others."""

from datetime import date

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.errors import Invalid
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored
from ...core.web.guard import actor, needs
from ...records.views import addresses
from ...records.views.pages import user
from ..enums import VisitKind, VisitState
from ..schemas import plan_from
from ..services import planning
from .blueprint import blueprint

LISTS = ("pick",)
SPAN, MOST_A_DAY = 20, 2
LONGEST_SPAN, LARGEST_DAY = 120, 20


@blueprint.get("/visits/plan")
@needs(Action.VISIT_PLAN)
def plan() -> ResponseReturnValue:
    """Agreements that nobody visited for a year, each with a working day."""
    return _page(restored(lists=LISTS))


@blueprint.post("/visits/plan")
@needs(Action.VISIT_PLAN)
def accept() -> ResponseReturnValue:
    """Plan the chosen ones."""
    form = Form(form_values(lists=LISTS))
    try:
        with once.transaction() as result:
            made = planning.accept(plan_from(form.values["pick"], form.values), user())
            result.at(url_for("visits.index", kind=VisitKind.FOLLOW_UP, state=VisitState.PLANNED))
    except Invalid as error:
        return _page(form.refused(error)), 422
    flash(str(msg("Visits planned: %(count)s", count=len(made))), "success")
    return result.redirect()


def _page(form: Form | None) -> str:
    first, span, most = (
        addresses.day("first"),
        _number("span", SPAN, LONGEST_SPAN),
        _number("most", MOST_A_DAY, LARGEST_DAY),
    )
    suggestions = planning.suggest(actor(), first, span, most)
    days: dict[str, date] = {f"day-{one.agreement.public_id}": one.day for one in suggestions}
    picked = {"pick": [one.agreement.public_id for one in suggestions]}
    return render_template(
        "visits/plan.html",
        suggestions=suggestions,
        form=form or Form(days | picked),
        settings_form=Form({"first": request.args.get("first", ""), "span": span, "most": most}),
    )


def _number(name: str, usual: int, most: int) -> int:
    given = request.args.get(name, "")
    return min(max(int(given), 1), most) if given.isdecimal() and len(given) < 5 else usual
