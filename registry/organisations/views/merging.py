"""Merging two records of one organisation: choose, look, merge; and taking it back."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import policy
from ..models import Organisation
from ..queries import choices
from ..queries.directory import get_organisation
from ..queries.merging import Preview
from ..schemas import MergingSchema, ReasonSchema
from ..services import merging as services
from .blueprint import blueprint
from .choices import organisation_options
from .small_forms import on_page


@blueprint.get("/organisations/<public_id>/merge")
@needs(Action.ORGANISATION_MERGE)
def merge(public_id: str) -> ResponseReturnValue:
    """Choose the record that this one lives on in; with a choice in the address, what merging would do."""
    organisation = get_organisation(public_id)
    policy.may_merge(actor(), organisation).enforce()
    target = request.args.get("target", "").replace("\x00", "")[:26]
    form = restored() or Form({"target": target})
    if not form.value("target"):
        return _choose(organisation, form)
    try:
        return _look(services.look(actor(), organisation, form.value("target")), form)
    except Invalid as error:
        return _choose(organisation, form.refused(error)), 422


@blueprint.post("/organisations/<public_id>/merge")
@needs(Action.ORGANISATION_MERGE)
def save_merge(public_id: str) -> ResponseReturnValue:
    """Merge as it was looked at; when something has changed since, or is undecided, look again."""
    form = Form(form_values())
    try:
        order = load(MergingSchema(), form.values)
        with once.transaction() as done:
            services.merge(actor(), get_organisation(public_id), order, row_version())
            done.at(url_for("organisations.show", public_id=public_id))
    except Invalid as error:
        return _again(get_organisation(public_id), form.refused(error)), 422
    flash(_("The organisation has been merged"), "ok")
    return done.redirect()


@blueprint.post("/organisations/<public_id>/part")
@needs(Action.ORGANISATION_MERGE)
def part(public_id: str) -> ResponseReturnValue:
    """Take a merge back."""
    return on_page(
        public_id,
        "part",
        _("The merge has been taken back"),
        lambda organisation, values: services.part(
            actor(), organisation, load(ReasonSchema(), values)["reason"], row_version()
        ),
    )


def _choose(organisation: Organisation, form: Form) -> str:
    targets = organisation_options(choices.list_targets(organisation))
    return render_template("organisations/merge.html", organisation=organisation, form=form, targets=targets)


def _look(preview: Preview, form: Form) -> str:
    return render_template(
        "organisations/merge_preview.html",
        organisation=preview.merging.duplicate,
        survivor=preview.merging.survivor,
        preview=preview,
        form=form,
    )


def _again(organisation: Organisation, form: Form) -> str:
    try:
        return _look(services.look(actor(), organisation, str(form.value("target"))), form)
    except Invalid:
        return _choose(organisation, form)
