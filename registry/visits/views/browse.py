"""The list of visits, and the same as a file with the headings of its ledger."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...agreements.queries import localities
from ...core.access.actions import Action
from ...core.i18n import Message, msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...core.web.words import in_words
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records.views import addresses
from ...records.views.export import send
from ..enums import Aftermath, Direction, LeadLevel, VisitKind, VisitState
from ..queries.listing import LISTING, NO_COLLEGE, Filter, Told, conditions, figures_of
from .blueprint import blueprint
from .ledger import LEDGERS, Rows, columns_of, ledger_of, oversees

EXPORTED = "visit:export"
CHOICES = (
    ("kinds", VisitKind), ("directions", Direction), ("levels", LeadLevel), ("told", Told), ("aftermaths", Aftermath),
)  # fmt: skip


@blueprint.get("/visits")
@needs(Action.VISIT_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address."""
    wanted, number = wanted_filter(), page_number()
    narrowing = conditions(wanted, actor())
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    return render_template(
        "visits/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        figures=figures_of([row.id for row in rows]),
        chips=_chips(),
        form=Form(request.args),
        wanted=wanted,
        no_college=NO_COLLEGE,
        party=_chosen(wanted.party),
        places=[(row.code, in_words(row.name_zh, row.name_en)) for row in localities()],
        narrowed=addresses.narrowed(wanted.months, once=msg("Each employer once a year") if wanted.yearly else None),
        **{name: [(str(one), one.label) for one in kind] for name, kind in CHOICES},
    )


@blueprint.post("/visits/export")
@needs(Action.VISIT_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted = wanted_filter()
    rows = Rows(ledger_of(wanted), oversees(actor()))
    return send(LEDGERS[rows.ledger], columns_of(rows), _batches(wanted, rows), EXPORTED, asdict(wanted))


def _batches(wanted: Filter, found: Rows) -> Iterator[Row[Any]]:
    """Batch by batch, with what the batch has beside its rows at hand."""
    for batch in LISTING.batches(actor(), conditions(wanted, actor())):
        found.take([row.id for row in batch])
        yield from batch


def wanted_filter() -> Filter:
    """The filter of the address."""
    return Filter(
        text=addresses.text(),
        kind=addresses.one_of(VisitKind, "kind"),
        direction=addresses.one_of(Direction, "direction"),
        state=addresses.one_of(VisitState, "state"),
        level=addresses.one_of(LeadLevel, "level"),
        first=addresses.one_of(Told, "first"),
        place=addresses.one_of(Told, "place"),
        aftermath=addresses.one_of(Aftermath, "aftermath"),
        since=addresses.day("since"),
        until=addresses.day("until"),
        party=addresses.identity("party"),
        visitor=addresses.identity("visitor"),
        college=addresses.text("college"),
        subject_kind=request.args.get("subject_kind", "")[:20],
        subject=addresses.identity("subject"),
        once=request.args.get("once") == "1",
        yearly=request.args.get("once") == "year",
        region=request.args.get("region", "")[:6],
        months=addresses.months(),
    )


def _chosen(public_id: str) -> list[Any]:
    return list(organisation_options(choices_where(Organisation.public_id == public_id, 1))) if public_id else []


def _chips() -> list[tuple[str, Message, str]]:
    counts = LISTING.count_by_state(actor(), VisitState, COUNT_LIMIT)
    return [(code, VisitState(code).label, addresses.capped(number)) for code, number in counts.items()]
