"""Ties beside the superior: supervised by, attached to, component of."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...core.access.actions import Action
from ...core.web.forms import row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from ..models import Organisation
from ..schemas import TieSchema
from ..services import ties as services
from .blueprint import blueprint
from .small_forms import on_page


@blueprint.post("/organisations/<public_id>/ties")
@needs(Action.ORGANISATION_EDIT)
def add_tie(public_id: str) -> ResponseReturnValue:
    """Say whom it belongs to as well."""

    def add(organisation: Organisation, values: dict[str, Any]) -> None:
        given = load(TieSchema(), values)
        services.add_tie(actor(), organisation, given["other"], given["tie"], row_version())

    return on_page(public_id, "tie", _("Saved"), add, "ties")


@blueprint.post("/organisations/<public_id>/ties/<tie_id>/remove")
@needs(Action.ORGANISATION_EDIT)
def remove_tie(public_id: str, tie_id: str) -> ResponseReturnValue:
    """Take a tie out."""
    return on_page(
        public_id,
        "tie-remove",
        _("The tie has been taken out"),
        lambda organisation, _values: services.remove_tie(actor(), organisation, tie_id, row_version()),
        "ties",
    )
