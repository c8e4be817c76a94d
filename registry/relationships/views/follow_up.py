"""What an agreement came from and what came of it: mechanism, stations, visits, docking, activities, tasks. 后续情况.

A page of its own, so that the agreement's page stays as light as it is; each package gives its part by name.
"""

from flask import render_template
from flask.typing import ResponseReturnValue

from ...agreements.queries import get_visible
from ...core.access.actions import Action
from ...core.web.guard import actor, needs
from .. import queries
from .blueprint import blueprint


@blueprint.get("/agreements/<public_id>/follow-up")
@needs(Action.AGREEMENT_VIEW)
def follow_up(public_id: str) -> ResponseReturnValue:
    """Everything around one agreement that the reader sees."""
    agreement = get_visible(public_id, actor())
    return render_template(
        "relationships/follow_up.html",
        agreement=agreement,
        between=queries.counting("agreement", agreement.id, actor()),
    )
