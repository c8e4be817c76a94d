"""The list behind figures of promises: all that the reader's organisation sees. 承诺总览清单."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...agreements import queries as agreements
from ...core.access.actions import Action
from ...core.dates import BadDate, Precision, last_day, parse_date
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...core.web.words import in_words
from ...records.views import addresses
from ...records.views.export import send
from ...tasks.enums import Light
from ...tasks.queries import horizon_now
from ..queries import seen
from ..queries.seen import Seen, Show
from . import browse, rows
from .blueprint import blueprint

LABELS = {
    Show.OPEN: msg("In hand"),
    Show.DUE: msg("Due"),
    Show.CLOSED: msg("Closed out"),
    Show.OVERDUE: msg("Overdue"),
}


@blueprint.get("/commitments/seen")
@needs(Action.COMMITMENT_VIEW)
def seen_by_us() -> ResponseReturnValue:
    """Filtered, paged, the nearest day first; the filter stands in the address."""
    wanted, number = asked(), page_number()
    found = seen.page(actor(), wanted, offset(number), PAGE_SIZE)
    return render_template(
        "commitments/seen.html",
        wanted=wanted,
        page=Page(
            [rows.Line.of(row, wanted.sky, actor(), is_own=False) for row in found],
            number,
            seen.count(actor(), wanted, COUNT_LIMIT),
        ),
        promised_by=seen.promised_by([row.commitment for row in found]),
        chips=[(str(show), label, None) for show, label in LABELS.items()],
        lights=[(str(one), one.label) for one in (Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.GREY)],
        places=[(row.code, in_words(row.name_zh, row.name_en)) for row in agreements.localities()],
        all_lights=list(Light),
        form=Form(request.args),
    )


@blueprint.post("/commitments/seen/export")
@needs(Action.COMMITMENT_VIEW)
def export_seen() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted = asked()
    told = {name: str(value) for name, value in asdict(wanted).items() if value and name != "sky"}
    return send(msg("Ledger of promises"), browse.columns(wanted.sky), _exported(wanted), browse.EXPORTED, told)


def _exported(wanted: Seen) -> Iterator[Row[Any]]:
    for batch in seen.batches(actor(), wanted):
        yield from batch


def asked() -> Seen:
    """Reads the address; what cannot be read narrows nothing."""
    last = _month("to")
    return Seen(
        horizon_now(),
        addresses.one_of(Show, "show") or Show.OPEN,
        _month("from"),
        last_day(last, Precision.MONTH) if last else None,
        request.args.get("locality", "")[:6],
        addresses.identity("university"),
        addresses.one_of(Light, "light"),
    )


def _month(name: str) -> date | None:
    """The first day of a month, 2023-03."""
    try:
        return parse_date(f"{request.args.get(name, '')}-01")
    except BadDate:
        return None
