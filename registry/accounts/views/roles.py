"""The acts of security administrators: roles, proposals, lost second factors."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.access.roles import ADMINISTRATORS, Role
from ...core.db import transaction
from ...core.errors import Invalid
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import policy, queries
from ..schemas import ReasonSchema, RoleSchema
from ..services import roles as services
from .users import page_of

blueprint = Blueprint("roles", __name__)


@blueprint.post("/users/<public_id>/roles")
@needs(Action.ACCOUNT_GRANT)
def grant(public_id: str) -> ResponseReturnValue:
    """Give a business role, or propose an administrator's."""
    return _change(public_id, "grant_form", grant=True)


@blueprint.post("/users/<public_id>/roles/revoke")
@needs(Action.ACCOUNT_GRANT)
def revoke(public_id: str) -> ResponseReturnValue:
    """Take a business role, or propose to take an administrator's."""
    return _change(public_id, "revoke_form", grant=False)


@blueprint.post("/users/<public_id>/reset-second-factor")
@needs(Action.ACCOUNT_GRANT)
def reset_second_factor(public_id: str) -> ResponseReturnValue:
    """Forget a lost one."""
    form = Form(form_values())
    try:
        reason = load(ReasonSchema(), form.values)["reason"]
        with transaction():
            services.reset_second_factor(actor(), queries.get_user(public_id), reason)
    except Invalid as error:
        return page_of(queries.get_user(public_id), factor_form=form.refused(error)), error.status
    flash(_("The second factor is reset"), "success")
    return _back(public_id)


@blueprint.get("/role-proposals")
@needs(Action.ACCOUNT_GRANT)
def proposals() -> ResponseReturnValue:
    """What waits for a second security administrator."""
    found = queries.list_open_proposals()
    decisions = {one.id: policy.may_confirm(actor(), one) for one in found}
    rejections = {one.id: policy.may_reject(actor(), one) for one in found}
    return render_template("accounts/proposals.html", proposals=found, decisions=decisions, rejections=rejections)


@blueprint.post("/role-proposals/<public_id>/confirm")
@needs(Action.ACCOUNT_GRANT)
def confirm(public_id: str) -> ResponseReturnValue:
    """Bring it about."""
    with transaction():
        services.confirm(actor(), queries.get_proposal(public_id))
    flash(_("The proposal is confirmed"), "success")
    return redirect(url_for("roles.proposals"), 303)


@blueprint.post("/role-proposals/<public_id>/reject")
@needs(Action.ACCOUNT_GRANT)
def reject(public_id: str) -> ResponseReturnValue:
    """Close it."""
    with transaction():
        services.reject(actor(), queries.get_proposal(public_id))
    flash(_("The proposal is closed"), "success")
    return redirect(url_for("roles.proposals"), 303)


def _change(public_id: str, name: str, *, grant: bool) -> ResponseReturnValue:
    form = Form(form_values())
    try:
        role: Role = load(RoleSchema(), form.values)["role"]
    except Invalid as error:
        return page_of(queries.get_user(public_id), **{name: form.refused(error)}), error.status
    with transaction():
        user = queries.get_user(public_id)
        if role in ADMINISTRATORS:
            services.propose(actor(), user, role, grant=grant)
        elif grant:
            services.grant(actor(), user, role)
        else:
            services.revoke(actor(), user, role)
    if role in ADMINISTRATORS:
        flash(_("Proposed; another security administrator has to confirm it"), "success")
    else:
        flash(_("The role is granted") if grant else _("The role is revoked"), "success")
    return _back(public_id)


def _back(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("users.show", public_id=public_id), 303)
