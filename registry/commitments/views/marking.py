"""Marking a promise in an article, from the agreement's page. 标注条款承诺."""

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...agreements.models import Agreement, PartyRole
from ...agreements.queries import get_visible
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import Invalid
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored
from ...core.web.guard import actor, needs
from ...core.web.words import in_words
from ...records.views.pages import user
from ..enums import Category, Comparator, Curve, Measure, Recurrence, VerifyRule
from ..schemas import mark_from
from ..services import marking
from .articles import effective
from .blueprint import blueprint
from .page import LISTS, options

DEFAULTS = {
    "category": Category.OTHER,
    "measure": Measure.COUNT,
    "comparator": Comparator.AT_LEAST,
    "recurrence": Recurrence.YEARLY,
    "curve": Curve.LINEAR,
    "verify_rule": VerifyRule.ANY,
}


@blueprint.get("/agreements/<public_id>/commitments/new")
@needs(Action.COMMITMENT_MARK)
def mark(public_id: str) -> ResponseReturnValue:
    """The form; `article` in the address names the article."""
    agreement = get_visible(public_id, actor())
    decide(actor(), Action.COMMITMENT_MARK, agreement).enforce()
    return _page(agreement, restored(lists=LISTS) or Form(DEFAULTS | {"article": request.args.get("article", "")[:20]}))


@blueprint.post("/agreements/<public_id>/commitments/new")
@needs(Action.COMMITMENT_MARK)
def save_mark(public_id: str) -> ResponseReturnValue:
    """Propose it to the others."""
    form = Form(form_values(lists=LISTS))
    try:
        with once.transaction() as result:
            agreement = get_visible(public_id, actor())
            article = str(form.value("article"))[:20]
            made = marking.mark(agreement, article, mark_from(form.values), user())
            result.at(url_for("commitments.show", public_id=made.public_id))
    except Invalid as error:
        return _page(get_visible(public_id, actor()), form.refused(error)), 422
    flash(str(msg("The promise is marked: it counts once the others have accepted it")), "success")
    return result.redirect()


def _page(agreement: Agreement, form: Form) -> str:
    articles = effective(agreement)
    return render_template(
        "commitments/mark.html",
        agreement=agreement,
        form=form,
        articles=[(one.key, one.heading or " ".join(piece.text for piece in one.pieces)[:40]) for one in articles],
        chosen=next((one for one in articles if one.key == str(form.value("article"))), None),
        parties=_parties(agreement),
        **options(),
    )


def _parties(agreement: Agreement) -> list[tuple[str, Any]]:
    named = [one.organisation for one in agreement.parties if one.organisation and one.role is not PartyRole.WITNESS]
    return [(one.public_id, in_words(one.name_zh, one.name_en)) for one in named]
