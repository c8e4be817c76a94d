"""The list of mechanisms, and the same as a file."""

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
from ...core.web.words import in_words, legal_date
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import Option, organisation_options
from ...records.views import addresses
from ...records.views.export import Column, send
from ..enums import Stage
from ..queries import LISTING, Filter, conditions, parties_of
from .blueprint import blueprint

EXPORTED = "mechanism:export"
Sides = dict[int, list[Row[*tuple[Any, ...]]]]


@blueprint.get("/mechanisms")
@needs(Action.MECHANISM_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address."""
    wanted, number = wanted_filter(), page_number()
    narrowing = list(conditions(wanted))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    return render_template(
        "mechanisms/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        sides=parties_of([row.id for row in rows]),
        chips=_chips(),
        form=Form(request.args),
        narrowed=addresses.narrowed(None, running=msg("Running now") if wanted.is_running else None),
        party=_chosen(wanted.party),
        places=[(row.code, in_words(row.name_zh, row.name_en)) for row in localities()],
    )


@blueprint.post("/mechanisms/export")
@needs(Action.MECHANISM_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted = wanted_filter()
    sides: Sides = {}
    return send(msg("Docking mechanisms"), columns(sides), _rows(wanted, sides), EXPORTED, asdict(wanted))


def _rows(wanted: Filter, sides: Sides) -> Iterator[Row[Any]]:
    """Batch by batch, with the sides of the batch at hand."""
    for batch in LISTING.batches(actor(), conditions(wanted)):
        sides.clear()
        sides.update(parties_of([row.id for row in batch]))
        yield from batch


def columns(sides: Sides) -> list[Column]:
    """The columns of the ledger (对接机制台账)."""
    return [
        Column(msg("Name of the mechanism"), lambda row: row.title_zh),
        Column(msg("Sides"), lambda row: "；".join(one.name_zh or one.name_as_reported for one in sides[row.id])),
        Column(msg("Established on"), lambda row: legal_date(row.established_on, row.established_precision)),
        Column(msg("Stage"), lambda row: row.stage),
        Column(msg("Written form"), lambda row: row.written_form),
        Column(
            msg("Liaisons"),
            lambda row: "；".join(f"{one.liaison} {one.phone_hint}".strip() for one in sides[row.id] if one.liaison),
        ),
        Column(msg("Rhythm of meetings"), lambda row: row.rhythm),
        Column(msg("Last meeting"), lambda row: row.last_met_on),
        Column(msg("Next meeting"), lambda row: row.next_meeting_on),
        Column(msg("What is planned"), lambda row: row.plan),
        Column(msg("Became an agreement"), lambda row: row.stage is Stage.UPGRADED),
        Column(msg("Kept by"), lambda row: row.owner_zh),
    ]


def wanted_filter() -> Filter:
    """The filter of the address."""
    return Filter(
        text=addresses.text(),
        stage=addresses.one_of(Stage, "stage"),
        party=addresses.identity("party"),
        region=request.args.get("region", "")[:6],
        due_by=addresses.day("due"),
        is_running=request.args.get("running") == "1",
    )


def _chosen(public_id: str) -> list[Option]:
    return organisation_options(choices_where(Organisation.public_id == public_id, 1)) if public_id else []


def _chips() -> list[tuple[str, Message, str]]:
    counts = LISTING.count_by_state(actor(), Stage, COUNT_LIMIT)
    return [(code, Stage(code).label, addresses.capped(number)) for code, number in counts.items()]
