"""What founders decide about the state of a station."""

from flask import request
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.i18n import msg
from ...core.web.guard import needs
from ...core.web.schema import load
from ...records.views.pages import reason
from ..models import Workstation
from ..schemas import StartSchema
from ..services import moves
from .blueprint import blueprint
from .page import PAGES


@blueprint.post("/workstations/<public_id>/start")
@needs(Action.WORKSTATION_START)
def start(public_id: str) -> ResponseReturnValue:
    """Begin to operate."""

    def do(station: Workstation, by: User) -> None:
        day = load(StartSchema(), {"started_on": request.form.get("started_on", "")})["started_on"]
        moves.start(station, day, by)

    return PAGES.act(public_id, "start", msg("The workstation operates"), do)


@blueprint.post("/workstations/<public_id>/rectify")
@needs(Action.WORKSTATION_RECTIFY)
def rectify(public_id: str) -> ResponseReturnValue:
    """Have it put right."""
    done = msg("The workstation is being put right")
    return PAGES.act(public_id, "rectify", done, lambda one, by: moves.rectify(one, reason(), by))


@blueprint.post("/workstations/<public_id>/resume")
@needs(Action.WORKSTATION_RESUME)
def resume(public_id: str) -> ResponseReturnValue:
    """Let it operate again."""
    done = msg("The workstation operates again")
    return PAGES.act(public_id, "resume", done, lambda one, by: moves.resume(one, reason(), by))


@blueprint.post("/workstations/<public_id>/suspend")
@needs(Action.WORKSTATION_SUSPEND)
def suspend(public_id: str) -> ResponseReturnValue:
    """Suspend it."""
    done = msg("The workstation is suspended")
    return PAGES.act(public_id, "suspend", done, lambda one, by: moves.suspend(one, reason(), by))


@blueprint.post("/workstations/<public_id>/withdraw")
@needs(Action.WORKSTATION_WITHDRAW)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Withdraw it for good."""
    done = msg("The workstation is withdrawn")
    return PAGES.act(public_id, "withdraw", done, lambda one, by: moves.withdraw(one, reason(), by))


@blueprint.post("/workstations/<public_id>/keep")
@needs(Action.WORKSTATION_KEEP)
def keep(public_id: str) -> ResponseReturnValue:
    """Answer a proposed withdrawal: it stays."""
    done = msg("The workstation stays; your reason is recorded")
    return PAGES.act(public_id, "keep", done, lambda one, by: moves.keep(one, reason(), by))
