"""The list of activities, what they add up to, and the same as a file. 活动列表."""

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
from ...organisations.views.choices import Option, organisation_options
from ...records import kinds
from ...records.views import addresses
from ...records.views.export import send
from ..enums import ActivityKind, ActivityState
from ..figure_codes import FigureCode
from ..pairs import Pair
from ..queries.beside import figures_of, outcomes_of, parties_of, titles_of_holders
from ..queries.listing import LISTING, Filter, Level, conditions
from ..queries.totals import totals_of
from .blueprint import blueprint
from .ledger import Beside, columns

EXPORTED = "activity:export"
AGREEMENT = "agreement"
SHOWN = (FigureCode.EMPLOYERS, FigureCode.POSITIONS, FigureCode.ON_SITE, FigureCode.ONLINE_VIEWERS)


@blueprint.get("/activities")
@needs(Action.ACTIVITY_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address."""
    wanted, number = wanted_filter(), page_number()
    narrowing = list(conditions(wanted))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    ids = [row.id for row in rows]
    return render_template(
        "activities/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        parties=parties_of(ids),
        figures=figures_of(ids),
        codes=SHOWN,
        chips=_chips(),
        **_filter_fields(wanted),
    )


@blueprint.get("/activities/totals")
@needs(Action.ACTIVITY_VIEW)
def sums() -> ResponseReturnValue:
    """What the filtered activities add up to, none counted twice.

    No shares: sums of different figures are of different activities, since no source tells all of them.
    """
    wanted = wanted_filter()
    found = totals_of(actor(), wanted)
    return render_template("activities/totals.html", totals=found, **_filter_fields(wanted))


@blueprint.post("/activities/export")
@needs(Action.ACTIVITY_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted = wanted_filter()
    beside = Beside({}, {}, {}, {})
    return send(msg("Activities"), columns(beside), _rows(wanted, beside), EXPORTED, asdict(wanted))


def _rows(wanted: Filter, beside: Beside) -> Iterator[Row[Any]]:
    """Batch by batch, with what stands beside the batch at hand."""
    for batch in LISTING.batches(actor(), conditions(wanted)):
        ids = [row.id for row in batch]
        beside.parties, beside.figures, beside.agreements = parties_of(ids), figures_of(ids), _agreements(ids)
        beside.holders = titles_of_holders([row.parent_id for row in batch if row.parent_id], actor())
        yield from batch


def _agreements(ids: list[int]) -> dict[int, str]:
    """Titles of the linked agreements that the reader sees."""
    linked = outcomes_of(ids, AGREEMENT)
    titles = kinds.titles_of(AGREEMENT, [one for found in linked.values() for one in found], actor())
    return {key: "；".join(titles[one][0] for one in found if one in titles) for key, found in linked.items()}


def wanted_filter() -> Filter:
    """The filter of the address."""
    return Filter(
        text=addresses.text(),
        kind=addresses.one_of(ActivityKind, "kind"),
        state=addresses.one_of(ActivityState, "state"),
        since=addresses.day("since"),
        until=addresses.day("until"),
        region=request.args.get("region", "")[:6],
        university=addresses.identity("university"),
        organiser=addresses.identity("organiser"),
        level=addresses.one_of(Level, "level"),
        unchecked=request.args.get("unchecked") == "true",
        programme=addresses.text("programme"),
        months=addresses.months(),
        pair=addresses.one_of(Pair, "pair"),
    )


def _filter_fields(wanted: Filter) -> dict[str, Any]:
    """What the filter's fields offer; of organisations the chosen ones."""
    return {
        "form": Form(request.args),
        "kinds": [(str(one), one.label) for one in ActivityKind],
        "levels": [(str(one), one.label) for one in Level],
        "places": [(row.code, in_words(row.name_zh, row.name_en)) for row in localities()],
        "chosen": _chosen(wanted),
        "narrowed": addresses.narrowed(
            wanted.months, programme=wanted.programme, pair=wanted.pair and wanted.pair.label
        ),
    }


def _chosen(wanted: Filter) -> dict[str, list[Option]]:
    ids = [one for one in (wanted.university, wanted.organiser) if one]
    options = organisation_options(choices_where(Organisation.public_id.in_(ids), 2)) if ids else []
    return {
        name: [one for one in options if one["value"] == value]
        for name, value in (("university", wanted.university), ("organiser", wanted.organiser))
    }


def _chips() -> list[tuple[str, Message, str]]:
    counts = LISTING.count_by_state(actor(), ActivityState, COUNT_LIMIT)
    return [(code, ActivityState(code).label, addresses.capped(number)) for code, number in counts.items()]
