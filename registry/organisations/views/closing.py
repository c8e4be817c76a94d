"""Dissolving an organisation."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.dates import today
from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import policy
from ..models import Organisation
from ..queries.choices import list_superiors
from ..queries.directory import get_organisation
from ..schemas import ClosingSchema
from ..services import closing as services
from .blueprint import blueprint
from .choices import organisation_options


@blueprint.get("/organisations/<public_id>/close")
@needs(Action.ORGANISATION_CLOSE)
def closing(public_id: str) -> ResponseReturnValue:
    """Say when, why, and who goes on."""
    organisation = get_organisation(public_id)
    policy.may_close(actor(), organisation).enforce()
    return _page(organisation, restored() or Form({"closed_on": today().isoformat()}))


@blueprint.post("/organisations/<public_id>/close")
@needs(Action.ORGANISATION_CLOSE)
def close(public_id: str) -> ResponseReturnValue:
    """Dissolve it."""
    form = Form(form_values())
    try:
        given = load(ClosingSchema(), form.values)
        with once.transaction() as done:
            services.close(actor(), get_organisation(public_id), given, row_version())
            done.at(url_for("organisations.show", public_id=public_id))
    except Invalid as error:
        organisation = get_organisation(public_id)
        policy.may_close(actor(), organisation).enforce()
        return _page(organisation, form.refused(error)), 422
    flash(_("The organisation has been dissolved"), "ok")
    return done.redirect()


def _page(organisation: Organisation, form: Form) -> str:
    successors = organisation_options(one for one in list_superiors(actor()) if one.organisation_id != organisation.id)
    return render_template("organisations/close.html", organisation=organisation, form=form, successors=successors)
