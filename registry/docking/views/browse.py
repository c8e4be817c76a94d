"""The table of cases."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import today
from ...core.i18n import Message, msg
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...records.views import addresses
from ..enums import LOST, Stage
from ..queries import LISTING, conditions, count_stuck, entries_of, present, totals
from .blueprint import blueprint
from .filters import filter_form, wanted_filter


@blueprint.get("/docking")
@needs(Action.DOCKING_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address. What belongs to one agreement is summed up as
    well, and what reached a stage."""
    wanted, number = wanted_filter(), page_number()
    narrowing = list(conditions(wanted))
    is_summed = any((wanted.agreement, wanted.record, wanted.months, wanted.reached, wanted.share))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    return render_template(
        "docking/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        stages=entries_of([row.id for row in rows]),
        present=present,
        today=today(),
        chips=_chips(),
        stuck=addresses.capped(count_stuck(actor(), COUNT_LIMIT)),
        totals=totals(actor(), narrowing) if is_summed else None,
        **filter_form(wanted),
    )


def _chips() -> list[tuple[str, Message, str]]:
    counts = LISTING.count_by_state(actor(), (*Stage, LOST), COUNT_LIMIT)
    labels = {str(stage): stage.label for stage in Stage} | {LOST: msg("Lost")}
    return [(code, labels[code], addresses.capped(number)) for code, number in counts.items()]
