"""The list of tasks, and the same as a file."""

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
from ...records.views.export import Column, send
from .. import queries
from ..enums import Light, TaskSource, TaskState
from ..lights import Horizon
from ..queries import LISTING, WHOSE, Filter, conditions
from .blueprint import blueprint

EXPORTED = "task:export"
ALL, SUPERVISED = "all", "supervised"
WHOSE_WORDS = {"mine": msg("Mine"), "unit": msg("My unit's"), "assigned": msg("Assigned by us")}


@blueprint.get("/tasks")
@needs(Action.TASK_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged, the nearest deadline first; the filter stands in the address."""
    wanted, number, sky = wanted_filter(), page_number(), queries.horizon_now()
    narrowing = list(conditions(wanted, actor(), sky))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    return render_template(
        "tasks/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        lights=[queries.light_of(row, sky) for row in rows],
        today=sky.today,
        chips=_chips(),
        chosen=SUPERVISED if wanted.supervised else str(wanted.state or ALL),
        whose=[(code, label, None) for code, label in WHOSE_WORDS.items()],
        form=Form(request.args),
        all_lights=list(Light),
        light_options=[(str(one), one.label) for one in Light],
        sources=[(str(one), one.label) for one in TaskSource],
        places=[(row.code, in_words(row.name_zh, row.name_en)) for row in localities()],
        leading=_leading(wanted),
    )


def _leading(wanted: Filter) -> list[object]:
    """The organisation that the filter names, so that its list shows it."""
    found = choices_where(Organisation.public_id == wanted.lead) if wanted.lead else []
    return list(organisation_options(found))


@blueprint.post("/tasks/export")
@needs(Action.TASK_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted, sky = wanted_filter(), queries.horizon_now()
    more: More = More()
    name = msg("Supervised tasks") if wanted.supervised else msg("Tasks")
    return send(name, columns(more, sky), _rows(wanted, sky, more), EXPORTED, asdict(wanted))


class More:
    """What stands beside the rows of a batch: supporting organisations and latest reports."""

    def __init__(self) -> None:
        self.units: dict[int, list[str]] = {}
        self.reports: dict[int, Row[Any]] = {}

    def look_up(self, ids: list[int]) -> None:
        """Ask once for a whole batch."""
        self.units, self.reports = queries.supporting(ids), queries.latest_reports(ids)

    def report(self, row: Row[Any], name: str) -> str:
        """A part of the latest report."""
        return str(getattr(self.reports.get(row.id), name, ""))


def _rows(wanted: Filter, sky: Horizon, more: More) -> Iterator[Row[Any]]:
    """Batch by batch, with what stands beside it at hand."""
    for batch in LISTING.batches(actor(), conditions(wanted, actor(), sky)):
        more.look_up([row.id for row in batch])
        yield from batch


def columns(more: More, sky: Horizon) -> list[Column]:
    """The columns of the ledger (任务清单（督办）台账)."""
    return [
        Column(msg("Source of the task"), lambda row: row.origin),
        Column(msg("Task"), lambda row: row.title_zh),
        Column(msg("Goal"), lambda row: row.goal),
        Column(msg("Lead organisation"), lambda row: row.lead_zh),
        Column(msg("Supporting organisations"), lambda row: "；".join(more.units[row.id])),
        Column(msg("Leader in charge"), lambda row: row.leader),
        Column(msg("Person responsible"), lambda row: row.assignee),
        Column(msg("First day"), lambda row: row.starts_on),
        Column(msg("Deadline"), lambda row: row.due_on),
        Column(msg("Progress"), lambda row: more.report(row, "note")),
        Column(msg("Share done"), lambda row: row.percent),
        Column(msg("Light"), lambda row: queries.light_of(row, sky)),
        Column(msg("State"), lambda row: row.stage),
        Column(msg("Problems"), lambda row: more.report(row, "problems")),
        Column(msg("To be coordinated"), lambda row: more.report(row, "help_needed")),
        Column(msg("Slips"), lambda row: row.slip_count),
        Column(msg("Close-out requested on"), lambda row: row.requested_on),
        Column(msg("Struck off on"), lambda row: row.closed_on),
        Column(msg("Verified by"), lambda row: row.verifier),
        Column(msg("Assigned by"), lambda row: row.owner_zh),
    ]


def wanted_filter() -> Filter:
    """The filter of the address; without a word about the state those in hand, unless a light or overdue says it."""
    light, overdue = addresses.one_of(Light, "light"), request.args.get("overdue") == "true"
    state = addresses.one_of(TaskState, "state")
    if "state" not in request.args and not light and not overdue:
        state = TaskState.OPEN
    whose = request.args.get("whose", "")
    return Filter(
        text=addresses.text(),
        state=state,
        whose=whose if whose in WHOSE else "",
        light=light,
        overdue=overdue,
        supervised=request.args.get("state") == SUPERVISED,
        source=addresses.one_of(TaskSource, "source"),
        lead=addresses.identity("lead"),
        region=request.args.get("region", "")[:6],
    )


def _chips() -> list[tuple[str, Message, str | None]]:
    counts = LISTING.count_by_state(actor(), TaskState, COUNT_LIMIT)
    chips: list[tuple[str, Message, str | None]] = [
        (code, TaskState(code).label, addresses.capped(number)) for code, number in counts.items()
    ]
    return [*chips, (SUPERVISED, msg("Supervised, not struck off"), None), (ALL, msg("All"), None)]
