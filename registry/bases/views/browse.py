"""The list of bases, and the same as a file."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...agreements.queries import localities
from ...core.access.actions import Action
from ...core.dates import today
from ...core.i18n import Message, msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...core.web.words import in_words, legal_date
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records.views import addresses
from ...records.views.export import Column, send
from ..enums import BaseKind, BaseLevel, BaseState
from ..models import retention
from ..queries import LISTING, Filter, conditions
from .blueprint import blueprint

EXPORTED = "base:export"


@blueprint.get("/bases")
@needs(Action.BASE_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address."""
    wanted, number = wanted_filter(), page_number()
    narrowing = list(conditions(wanted))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    return render_template(
        "bases/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        chips=_chips(),
        form=Form(request.args),
        kinds=[(str(one), one.label) for one in BaseKind],
        levels=[(str(one), one.label) for one in BaseLevel],
        places=[(row.code, in_words(row.name_zh, row.name_en)) for row in localities()],
        chosen=_chosen(wanted),
        retention=retention,
        today=today(),
    )


def _chosen(wanted: Filter) -> list[object]:
    """The university that the filter names, so that its list shows it."""
    named = choices_where(Organisation.public_id == wanted.university) if wanted.university else []
    return list(organisation_options(named))


@blueprint.post("/bases/export")
@needs(Action.BASE_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted = wanted_filter()
    return send(msg("Traineeship and internship bases"), columns(), _rows(wanted), EXPORTED, asdict(wanted))


def _rows(wanted: Filter) -> Iterator[Row[Any]]:
    for batch in LISTING.batches(actor(), conditions(wanted)):
        yield from batch


def columns() -> list[Column]:
    """The columns of the ledger (就业见习/实习基地台账)."""
    return [
        Column(msg("Name of the base"), lambda row: row.title_zh),
        Column(msg("Employer"), lambda row: row.employer_zh or row.employer_as_reported),
        Column(msg("Unified social credit code"), lambda row: row.employer_uscc or row.uscc),
        Column(msg("Kind of base"), lambda row: row.kind),
        Column(msg("Level"), lambda row: row.level),
        Column(msg("University"), lambda row: row.university_zh),
        Column(msg("Approval number"), lambda row: row.approval_no),
        Column(msg("Approved on"), lambda row: legal_date(row.approved_on, row.approved_precision)),
        Column(msg("Places"), lambda row: row.posts),
        Column(msg("People there now"), lambda row: row.on_post),
        Column(msg("People who completed"), lambda row: row.completed),
        Column(msg("People who stayed"), lambda row: row.retained),
        Column(msg("Retention rate"), _percent),
        Column(msg("Valid until"), lambda row: row.expires_on),
        Column(msg("Remarks"), lambda row: row.remark),
        Column(msg("Kept by"), lambda row: row.owner_zh),
    ]


def _percent(row: Row[Any]) -> str:
    share = retention(row.completed, row.retained)
    return f"{share} %" if share else ""


def wanted_filter() -> Filter:
    """The filter of the address."""
    return Filter(
        text=addresses.text(),
        state=addresses.one_of(BaseState, "state"),
        kind=addresses.one_of(BaseKind, "kind"),
        level=addresses.one_of(BaseLevel, "level"),
        expired=request.args.get("expired") == "true",
        region=request.args.get("region", "")[:6],
        university=addresses.identity("university"),
    )


def _chips() -> list[tuple[str, Message, str]]:
    counts = LISTING.count_by_state(actor(), BaseState, COUNT_LIMIT)
    return [(code, BaseState(code).label, addresses.capped(number)) for code, number in counts.items()]
