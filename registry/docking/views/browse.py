"""The table of cases, and the same as a ledger file."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.dates import today
from ...core.i18n import Message, msg
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...records.views import addresses
from ...records.views.export import Column, send
from ..enums import LOST, EntryStatus, Stage
from ..queries import LISTING, conditions, count_stuck, entries_of, present, totals
from .blueprint import blueprint
from .filters import filter_form, wanted_filter

EXPORTED = "docking:export"
Stages = dict[int, dict[Stage, Row[Any]]]


@blueprint.get("/docking")
@needs(Action.DOCKING_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address. What belongs to one agreement is summed up as well."""
    wanted, number = wanted_filter(), page_number()
    narrowing = list(conditions(wanted))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    return render_template(
        "docking/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        stages=entries_of([row.id for row in rows]),
        present=present,
        today=today(),
        chips=_chips(),
        stuck=addresses.capped(count_stuck(actor(), COUNT_LIMIT)),
        totals=totals(actor(), narrowing) if wanted.agreement or wanted.record else None,
        **filter_form(wanted),
    )


@blueprint.post("/docking/export")
@needs(Action.DOCKING_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV, milestone dates as columns; the export is an event itself."""
    wanted = wanted_filter()
    stages: Stages = {}
    return send(msg("Enterprise docking ledger"), columns(stages), _rows(stages), EXPORTED, asdict(wanted))


def _rows(stages: Stages) -> Iterator[Row[Any]]:
    """Batch by batch, with the stages of the batch at hand."""
    for batch in LISTING.batches(actor(), conditions(wanted_filter())):
        stages.clear()
        stages.update(entries_of([row.id for row in batch]))
        yield from batch


def columns(stages: Stages) -> list[Column]:
    """The columns of the ledger (企业对接台账)."""

    def day(stage: Stage) -> Column:
        label = msg("%(stage)s on", stage=stage.label)
        return Column(label, lambda row: getattr(stages[row.id].get(stage), "actual_on", None))

    def count(stage: Stage, name: str, label: Message) -> Column:
        return Column(label, lambda row: present(stages[row.id], stage, name))

    return [
        Column(msg("Enterprise"), lambda row: row.enterprise_zh or row.enterprise_as_reported),
        Column(msg("Unified social credit code"), lambda row: row.enterprise_uscc or row.uscc),
        Column(msg("Industry"), lambda row: row.industry_zh),
        Column(msg("City"), lambda row: row.region_zh),
        Column(msg("University"), lambda row: row.university_zh),
        Column(msg("Agreement"), lambda row: row.agreement_zh),
        day(Stage.REGISTERED),
        day(Stage.VERIFIED),
        day(Stage.FIELD_DOCKING),
        day(Stage.POSTED),
        count(Stage.POSTED, "posts", msg("Posts published (number)")),
        count(Stage.POSTED, "headcount", msg("Headcount wanted")),
        day(Stage.FAIR),
        count(Stage.FAIR, "resumes", msg("Résumés")),
        day(Stage.INTERVIEW),
        count(Stage.INTERVIEW, "interviewed", msg("People interviewed")),
        day(Stage.OFFER),
        count(Stage.OFFER, "offers", msg("Offers")),
        count(Stage.OFFER, "offers_master", msg("of which master or above")),
        day(Stage.SIGNED),
        count(Stage.SIGNED, "signed", msg("People signed")),
        day(Stage.ONBOARDED),
        count(Stage.ONBOARDED, "onboarded", msg("People on-boarded")),
        count(Stage.RETAINED_6M, "retained", Stage.RETAINED_6M.label),
        count(Stage.RETAINED_12M, "retained", Stage.RETAINED_12M.label),
        Column(msg("Present stage"), lambda row: row.stage),
        Column(msg("Reason why it came to nothing"), lambda row: row.drop_reason),
        Column(msg("Responsible"), lambda row: row.responsible),
        Column(msg("Next step and its day"), lambda row: _next_step(stages[row.id])),
        Column(msg("Remarks"), lambda row: row.remark),
        Column(msg("Kept by"), lambda row: row.owner_zh),
    ]


def _next_step(stages: dict[Stage, Row[Any]]) -> str:
    for stage, row in stages.items():
        if row.status is EntryStatus.PLANNED and row.planned_on:
            return f"{stage.label} {row.planned_on:%Y-%m-%d}"
    return ""


def _chips() -> list[tuple[str, Message, str]]:
    counts = LISTING.count_by_state(actor(), (*Stage, LOST), COUNT_LIMIT)
    labels = {str(stage): stage.label for stage in Stage} | {LOST: msg("Lost")}
    return [(code, labels[code], addresses.capped(number)) for code, number in counts.items()]
