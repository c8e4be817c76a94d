"""The ledgers, and one's imports."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.web.guard import actor, needs
from .. import policy, queries
from ..definitions import ledgers
from ..enums import RowState
from ..targets.catalogue import TARGETS
from .blueprint import blueprint


@blueprint.get("/ledgers")
@needs(Action.LEDGER_VIEW)
def index() -> ResponseReturnValue:
    """Every ledger with its template and files, and the last imports."""
    shown = [(target, policy.may_import(actor(), target)) for target in TARGETS.values()]
    return render_template(
        "ledgers/index.html", targets=shown, imports=queries.latest(actor()), ledgers=ledgers(), RowState=RowState
    )
