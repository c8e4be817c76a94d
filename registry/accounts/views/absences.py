"""One's own absence and delegation, and who stands in for whom in an organisation. 代理与请假."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.access.roles import APPROVING, Role
from ...core.dates import today
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version
from ...core.web.guard import needs
from ...core.web.schema import InputSchema, load
from .. import standing
from ..schemas import AbsenceSchema, HandoverSchema
from ..services import delegations as services
from .own import me

blueprint = Blueprint("absences", __name__, url_prefix="/account/absences")


@blueprint.get("")
@needs(Action.ABSENCE_MANAGE_OWN)
def index() -> ResponseReturnValue:
    """What one handed over, for whom one stands in, when one is away."""
    return render_template(
        "accounts/absences/index.html",
        given=standing.list_given(me()),
        received=standing.list_received(me(), today()),
        absences=standing.list_own_absences(me()),
        today=today(),
    )


@blueprint.get("/organisation")
@needs(Action.DELEGATION_LIST)
def organisation() -> ResponseReturnValue:
    """Who stands in for whom, and who is away, in the reader's organisation."""
    own = me().organisation_id
    return render_template(
        "accounts/absences/organisation.html",
        delegations=standing.list_of_organisation(own, today()),
        absences=standing.list_absences(own, today()),
        today=today(),
    )


@blueprint.route("/hand-over", methods=["GET", "POST"])
@needs(Action.DELEGATION_GIVE)
def hand_over() -> ResponseReturnValue:
    """Let a colleague take the steps of a role."""
    done = msg("The clearance steps are handed over for these days")
    return _form("hand_over", HandoverSchema(), services.hand_over, done)


@blueprint.route("/tell", methods=["GET", "POST"])
@needs(Action.ABSENCE_MANAGE_OWN)
def tell() -> ResponseReturnValue:
    """Say that one is away."""
    return _form("tell", AbsenceSchema(), services.tell_absence, msg("Your absence is noted"))


@blueprint.post("/delegations/<public_id>/revoke")
@needs(Action.ABSENCE_MANAGE_OWN)
def revoke(public_id: str) -> ResponseReturnValue:
    """End a delegation at once."""
    with once.transaction() as result:
        services.revoke(me(), standing.get_given(public_id, me()), row_version())
        result.at(url_for("absences.index"))
    flash(str(msg("The delegation is revoked; it counts no more")), "success")
    return result.redirect()


@blueprint.post("/<public_id>/end")
@needs(Action.ABSENCE_MANAGE_OWN)
def end(public_id: str) -> ResponseReturnValue:
    """Be back."""
    with once.transaction() as result:
        services.end_absence(me(), standing.get_absence(public_id, me()), row_version())
        result.at(url_for("absences.index"))
    flash(str(msg("Your absence is ended")), "success")
    return result.redirect()


def _form(name: str, schema: InputSchema, service: Callable[[Any, Any], Any], done: Message) -> ResponseReturnValue:
    """Show a form, or do what it asks for; what was refused is told at its fields."""
    if request.method == "GET":
        return _page(name, restored() or Form(_defaults()))
    form = Form(form_values())
    try:
        given = load(schema, form.values)
        with once.transaction() as result:
            service(me(), given)
            result.at(url_for("absences.index"))
    except Invalid as error:
        return _page(name, form.refused(error)), error.status
    flash(str(done), "success")
    return result.redirect()


def _page(name: str, form: Form) -> str:
    roles = [(role.value, role.label) for role in _own_roles()]
    people = [(one.public_id, one.name) for one in standing.colleagues(me())]
    return render_template(f"accounts/absences/{name}.html", form=form, roles=roles, colleagues=people)


def _defaults() -> dict[str, Any]:
    """Somebody with one role need not choose it; most who hand over are away."""
    roles = _own_roles()
    return {"role": str(roles[0]) if len(roles) == 1 else "", "is_away": True}


def _own_roles() -> list[Role]:
    return [role for role in Role if role in me().roles & APPROVING]
