"""The board: a column for each stage; a card is moved by opening the form of the stage where it was dropped."""

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import today
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT
from .. import policy
from ..counts import LABELS, OF_STAGE
from ..enums import Stage
from ..queries import board, conditions
from .blueprint import blueprint
from .filters import filter_form, wanted_filter


@blueprint.get("/docking/board")
@needs(Action.DOCKING_VIEW)
def show_board() -> ResponseReturnValue:
    """All stages beside each other; at most 50 cards each, with the count and the way to the rest."""
    wanted = replace(wanted_filter(), state="", reached=None)
    found = board(actor(), conditions(wanted), COUNT_LIMIT)
    cards = [card for column in found for card in column.cards]
    return render_template(
        "docking/board.html",
        columns=found,
        moves={card.public_id: _moves(card) for card in cards},
        main_count={stage: OF_STAGE[stage][0] for stage in Stage if OF_STAGE[stage]},
        labels=LABELS,
        today=today(),
        limit=COUNT_LIMIT,
        **filter_form(wanted),
    )


def _moves(card: object) -> list[Stage]:
    sides = {name: getattr(card, name) for name in ("owner_id", "enterprise_id", "university_id", "bureau_id", "stage")}
    return policy.open_stages(actor(), policy.Card(**sides))
