"""Ordering a document again."""

from flask import request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.errors import NotFound
from ...core.i18n import msg
from ...core.web.guard import needs
from ..models import DocumentKind
from ..services import remake as services
from .blueprint import blueprint
from .steps import act


@blueprint.post("/agreements/<public_id>/documents/<kind>/remake")
@needs(Action.AGREEMENT_REMAKE)
def remake(public_id: str, kind: str) -> ResponseReturnValue:
    """Make the document (again) that this state asks for, of the text whose number is sent, else of the present one."""
    if kind not in services.JOBS:
        raise NotFound
    return act(
        public_id,
        "remake",
        msg("The document is being made"),
        lambda agreement, by: services.remake(
            agreement, DocumentKind(kind), by, request.form.get("revision", type=int)
        ),
    )
