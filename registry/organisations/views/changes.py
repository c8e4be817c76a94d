"""Adding, editing and renaming organisations."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import policy
from ..models import Organisation, Tie
from ..queries import choices, directory, places
from ..queries.lookup import Suggestion
from ..schemas import EditSchema, NewOrganisationSchema, RenamingSchema
from ..services import organisations as services
from .blueprint import blueprint
from .choices import kind_options, organisation_options, region_options

EDITABLE = (
    "kind", "name_en", "short_zh", "short_en", "uscc", "moe_code", "region_code", "superior_tie", "address",
    "authority", "note", "needs_check",
)  # fmt: skip


@blueprint.get("/organisations/new")
@needs(Action.ORGANISATION_ADD)
def new() -> ResponseReturnValue:
    """An empty form."""
    own = directory.get_by_id(actor().organisation_id)
    return _new_page(restored() or Form({"region_code": own.region_code}))


@blueprint.post("/organisations/new")
@needs(Action.ORGANISATION_ADD)
def create() -> ResponseReturnValue:
    """Add an organisation, or show similar names to compare first."""
    form = Form(form_values())
    try:
        given = load(NewOrganisationSchema(), form.values)
        with once.transaction() as done:
            organisation = services.add(actor(), given)
            done.at(url_for("organisations.show", public_id=organisation.public_id))
    except services.SimilarNames as error:
        return _new_page(form.refused(error), error.similar), 422
    except Invalid as error:
        return _new_page(form.refused(error)), 422
    flash(_("The organisation has been added"), "ok")
    return done.redirect()


def _new_page(form: Form, similar: Sequence[Suggestion] = ()) -> str:
    return render_template("organisations/new.html", form=form, similar=similar, **_options())


def _options(organisation: Organisation | None = None) -> dict[str, Any]:
    superiors = choices.list_superiors(actor(), organisation)
    return {
        "kinds": kind_options(),
        "regions": region_options(places.list_all_regions()),
        "superiors": organisation_options(superiors),
        "ties": [(tie.value, tie.label) for tie in Tie],
    }


@blueprint.get("/organisations/<public_id>/edit")
@needs(Action.ORGANISATION_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form with what is recorded."""
    organisation = directory.get_organisation(public_id)
    policy.may_edit(actor(), organisation).enforce()
    values = {name: getattr(organisation, name) for name in EDITABLE}
    values["superior"] = organisation.superior.public_id if organisation.superior else ""
    return _edit_page(organisation, restored() or Form(values))


@blueprint.post("/organisations/<public_id>/edit")
@needs(Action.ORGANISATION_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Save the details."""
    form, done_text = Form(form_values()), _("Saved")
    try:
        details, needs_check = load(EditSchema(), form.values)
        with once.transaction() as done:
            organisation = directory.get_organisation(public_id)
            services.edit(actor(), organisation, details, row_version(), needs_check=needs_check)
            done.at(url_for("organisations.show", public_id=public_id))
    except Invalid as error:
        organisation = directory.get_organisation(public_id)
        policy.may_edit(actor(), organisation).enforce()
        return _edit_page(organisation, form.refused(error)), 422
    flash(done_text, "ok")
    return done.redirect()


def _edit_page(organisation: Organisation, form: Form) -> str:
    return render_template(
        "organisations/edit.html",
        organisation=organisation,
        form=form,
        may_restructure=policy.may_restructure(actor(), organisation),
        may_check=policy.may_check(actor(), organisation),
        **_options(organisation),
    )


@blueprint.get("/organisations/<public_id>/rename")
@needs(Action.ORGANISATION_EDIT)
def rename(public_id: str) -> ResponseReturnValue:
    """The form for a new name."""
    organisation = directory.get_organisation(public_id)
    policy.may_edit(actor(), organisation).enforce()
    values = {"name_zh": organisation.name_zh, "name_en": organisation.name_en}
    return render_template("organisations/rename.html", organisation=organisation, form=restored() or Form(values))


@blueprint.post("/organisations/<public_id>/rename")
@needs(Action.ORGANISATION_EDIT)
def save_name(public_id: str) -> ResponseReturnValue:
    """Give the new name."""
    form = Form(form_values())
    try:
        given = load(RenamingSchema(), form.values)
        with once.transaction() as done:
            services.rename(actor(), directory.get_organisation(public_id), given, row_version())
            done.at(url_for("organisations.show", public_id=public_id))
    except Invalid as error:
        organisation = directory.get_organisation(public_id)
        policy.may_edit(actor(), organisation).enforce()
        page = render_template("organisations/rename.html", organisation=organisation, form=form.refused(error))
        return page, 422
    flash(_("The new name has been recorded"), "ok")
    return done.redirect()
