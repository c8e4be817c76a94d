"""Former names, short forms and other spellings."""

from collections.abc import Callable

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.dates import Precision
from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import policy
from ..inputs import FormerName
from ..models import Organisation, OrganisationName
from ..queries.directory import get_organisation
from ..schemas import AliasSchema, FormerNameSchema, ReasonSchema
from ..services import names as services
from .blueprint import blueprint
from .small_forms import on_page

CUT = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4, Precision.UNKNOWN: 0}


@blueprint.get("/organisations/<public_id>/names/new")
@needs(Action.ORGANISATION_EDIT)
def new_name(public_id: str) -> ResponseReturnValue:
    """An empty form for a former name."""
    organisation = get_organisation(public_id)
    policy.may_edit(actor(), organisation).enforce()
    return _page(organisation, restored() or Form())


@blueprint.post("/organisations/<public_id>/names/new")
@needs(Action.ORGANISATION_EDIT)
def add_name(public_id: str) -> ResponseReturnValue:
    """Enter a former name."""

    def add(organisation: Organisation, given: FormerName) -> None:
        services.add_former(actor(), organisation, given, row_version())

    return _save(public_id, add)


@blueprint.get("/organisations/<public_id>/names/<name_id>/edit")
@needs(Action.ORGANISATION_EDIT)
def edit_name(public_id: str, name_id: str) -> ResponseReturnValue:
    """The form with what is recorded."""
    organisation = get_organisation(public_id)
    policy.may_edit(actor(), organisation).enforce()
    former = services.former_of(organisation, name_id)
    return _page(organisation, restored() or Form(_values(former)), former)


@blueprint.post("/organisations/<public_id>/names/<name_id>/edit")
@needs(Action.ORGANISATION_EDIT)
def correct_name(public_id: str, name_id: str) -> ResponseReturnValue:
    """Correct a former name."""

    def correct(organisation: Organisation, given: FormerName) -> None:
        former = services.former_of(organisation, name_id)
        services.correct_former(actor(), organisation, former, given, row_version())

    return _save(public_id, correct, name_id)


@blueprint.post("/organisations/<public_id>/names/<name_id>/remove")
@needs(Action.ORGANISATION_EDIT)
def remove_name(public_id: str, name_id: str) -> ResponseReturnValue:
    """Take a former name out that it never had."""
    return on_page(
        public_id,
        f"name-{name_id}",
        _("The former name has been taken out"),
        lambda organisation, values: services.remove_former(
            actor(),
            organisation,
            services.former_of(organisation, name_id),
            load(ReasonSchema(), values)["reason"],
            row_version(),
        ),
        "names",
    )


@blueprint.post("/organisations/<public_id>/aliases")
@needs(Action.ORGANISATION_EDIT)
def add_alias(public_id: str) -> ResponseReturnValue:
    """Add a short form or spelling."""
    return on_page(
        public_id,
        "alias",
        _("Saved"),
        lambda organisation, values: services.add_alias(actor(), organisation, load(AliasSchema(), values)["alias"]),
        "aliases",
    )


@blueprint.post("/organisations/<public_id>/aliases/remove")
@needs(Action.ORGANISATION_EDIT)
def remove_alias(public_id: str) -> ResponseReturnValue:
    """Take a short form or spelling out."""
    return on_page(
        public_id,
        "alias-remove",
        _("The short form has been taken out"),
        lambda organisation, values: services.remove_alias(
            actor(), organisation, load(AliasSchema(), values)["alias"], row_version()
        ),
        "aliases",
    )


def _save(public_id: str, do: Callable[[Organisation, FormerName], None], name_id: str = "") -> ResponseReturnValue:
    form, done_text = Form(form_values()), _("The former name has been recorded")
    try:
        given = load(FormerNameSchema(), form.values)
        with once.transaction() as done:
            do(get_organisation(public_id), given)
            done.at(url_for("organisations.show", public_id=public_id, _anchor="names"))
    except Invalid as error:
        organisation = get_organisation(public_id)
        policy.may_edit(actor(), organisation).enforce()
        former = services.former_of(organisation, name_id) if name_id else None
        return _page(organisation, form.refused(error), former), 422
    flash(done_text, "ok")
    return done.redirect()


def _page(organisation: Organisation, form: Form, former: OrganisationName | None = None) -> str:
    return render_template("organisations/name.html", organisation=organisation, form=form, former=former)


def _values(former: OrganisationName) -> dict[str, str]:
    days = {"valid_from": former.valid_from_precision, "valid_to": former.valid_to_precision}
    written = {name: str(getattr(former, name) or "")[: CUT[precision]] for name, precision in days.items()}
    return {"name_zh": former.name_zh, "name_en": former.name_en, "source": former.source, **written}
