"""Accounts of others: the list and the page for both administrators, the acts of the system administrator."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.access.roles import Role
from ...core.db import transaction
from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import actor, needs
from ...core.web.paging import PAGE_SIZE, Page, offset, page_number
from ...core.web.schema import load
from ...organisations.models import Organisation, OrganisationStatus
from ...organisations.queries.lookup import choices_where
from .. import policy, queries
from ..inputs import UserFilter
from ..models import User, UserStatus
from ..schemas import NewUserSchema, ReasonSchema, UserDetailsSchema
from ..services import users as services

blueprint = Blueprint("users", __name__, url_prefix="/users")


@blueprint.get("")
@needs(Action.ACCOUNT_LIST)
def index() -> ResponseReturnValue:
    """Who has an account."""
    wanted = UserFilter(
        text=request.args.get("text", "").strip()[:100],
        organisation=request.args.get("organisation", ""),
        role=request.args.get("role", ""),
        status=request.args.get("status", ""),
    )
    number = page_number()
    rows, total = queries.list_users(wanted, offset(number), PAGE_SIZE)
    return render_template(
        "accounts/users/index.html",
        page=Page(rows, number, total),
        roles=queries.roles_of([row.id for row in rows]),
        form=Form(request.args.to_dict()),
        organisations=organisation_options(),
        role_options=[(role.value, role.label) for role in Role],
        status_options=[(status.value, status.label) for status in UserStatus],
        proposals=len(queries.list_open_proposals()),
    )


@blueprint.get("/<public_id>")
@needs(Action.ACCOUNT_LIST)
def show(public_id: str) -> ResponseReturnValue:
    """One account."""
    return page_of(queries.get_user(public_id))


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Action.ACCOUNT_CREATE)
def new() -> ResponseReturnValue:
    """Make an account; its invitation is shown once."""
    if request.method == "GET":
        return _form_page("new", restored() or Form())
    form = Form(form_values())
    try:
        given = load(NewUserSchema(), form.values)
        with once.transaction() as done:
            user, token = services.create(actor(), given)
            done.at(url_for("users.show", public_id=user.public_id))
    except Invalid as error:
        return _form_page("new", form.refused(error)), error.status
    return _link_page(user, token)


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
@needs(Action.ACCOUNT_CHANGE)
def edit(public_id: str) -> ResponseReturnValue:
    """Correct name and organisation."""
    user = queries.get_user(public_id)
    policy.may_change(actor(), user).enforce()
    if request.method == "GET":
        values = {"name": user.name, "organisation": user.organisation.public_id}
        return _form_page("edit", restored() or Form(values), user)
    form = Form(form_values())
    try:
        details = load(UserDetailsSchema(), form.values)
        with transaction():
            services.edit(actor(), user, details, row_version())
    except Invalid as error:
        return _form_page("edit", form.refused(error), user), error.status
    flash(_("Saved"), "success")
    return redirect(url_for("users.show", public_id=public_id), 303)


@blueprint.post("/<public_id>/disable")
@needs(Action.ACCOUNT_CHANGE)
def disable(public_id: str) -> ResponseReturnValue:
    """Shut it, with a reason."""
    form = Form(form_values())
    try:
        reason = load(ReasonSchema(), form.values)["reason"]
        with transaction():
            services.disable(actor(), queries.get_user(public_id), reason)
    except Invalid as error:
        return page_of(queries.get_user(public_id), disable_form=form.refused(error)), error.status
    flash(_("The account is disabled and signed out everywhere"), "success")
    return redirect(url_for("users.show", public_id=public_id), 303)


@blueprint.post("/<public_id>/enable")
@needs(Action.ACCOUNT_CHANGE)
def enable(public_id: str) -> ResponseReturnValue:
    """Open it again."""
    with transaction():
        services.enable(actor(), queries.get_user(public_id))
    flash(_("The account is enabled"), "success")
    return redirect(url_for("users.show", public_id=public_id), 303)


@blueprint.post("/<public_id>/reset-password")
@needs(Action.ACCOUNT_CHANGE)
def reset_password(public_id: str) -> ResponseReturnValue:
    """End the password; the new link is shown once."""
    with transaction():
        user = queries.get_user(public_id)
        token = services.reset_password(actor(), user)
    return _link_page(user, token)


def page_of(user: User, **forms: Form) -> str:
    """The page of one account, with forms that came back."""
    return render_template(
        "accounts/users/show.html",
        user=user,
        grants=sorted(user.role_grants, key=lambda grant: list(Role).index(grant.role)),
        grantable=[(role.value, role.label) for role in policy.grantable(user)],
        proposable=[(role.value, role.label) for role in policy.proposable(user)],
        may_change=policy.may_change(actor(), user),
        may_administer=policy.may_administer_roles(actor(), user),
        proposals=[proposal for proposal in queries.list_open_proposals() if proposal.user_id == user.id],
        forms=forms,
    )


def organisation_options() -> list[dict[str, str]]:
    """Organisations to choose from, by name, with what tells them apart."""
    found = choices_where(Organisation.status == OrganisationStatus.ACTIVE)
    options = [
        {"value": one.public_id, "label": str(one.name), "hint": f"{one.code} {one.place}".strip()} for one in found
    ]
    return sorted(options, key=lambda option: str(option["label"]))


def _form_page(name: str, form: Form, user: User | None = None) -> str:
    return render_template(f"accounts/users/{name}.html", form=form, user=user, organisations=organisation_options())


def _link_page(user: User, token: str) -> str:
    return render_template(
        "accounts/users/link.html", user=user, address=url_for("accounts.redeem", token=token, _external=True)
    )
