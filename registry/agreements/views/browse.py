"""The list of agreements and the page of one."""

from datetime import date
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import BadDate, parse_date
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from .. import queries
from ..models import AgreementKind, AgreementStatus
from . import page
from .blueprint import blueprint

Code = TypeVar("Code", AgreementKind, AgreementStatus)


@blueprint.get("/agreements")
@needs(Action.AGREEMENT_VIEW)
def index() -> ResponseReturnValue:
    """The ledger: filtered, sorted, paged; the filter stands in the address."""
    wanted, number = filter_from_address(), page_number()
    rows = queries.list_visible(actor(), wanted, offset(number), PAGE_SIZE)
    return render_template(
        "agreements/index.html",
        page=Page(rows, number, queries.count_visible(actor(), wanted, COUNT_LIMIT)),
        parties=queries.parties_of([row.id for row in rows]),
        chips=queries.count_by_status(actor(), COUNT_LIMIT),
        wanted=wanted,
        kinds=AgreementKind,
        statuses=AgreementStatus,
        regions=queries.localities(),
    )


@blueprint.get("/agreements/<public_id>")
@needs(Action.AGREEMENT_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One agreement: where it stands, what can be done, its text, files and history."""
    return page.render(queries.get_visible(public_id, actor()))


def filter_from_address() -> queries.Filter:
    """The filter of the address; what cannot be read narrows nothing."""
    given = request.args
    return queries.Filter(
        text=given.get("q", "").strip()[:100],
        status=_one_of(AgreementStatus, given.get("status", "")),
        kind=_one_of(AgreementKind, given.get("kind", "")),
        region=given.get("region", "")[:6],
        party=given.get("party", "")[:26],
        needs_details=given.get("incomplete", "") == "1",
        signed_from=_day(given.get("from", "")),
        signed_to=_day(given.get("to", "")),
        sort=given.get("sort", "signed"),
        descending=given.get("order", "desc") != "asc",
    )


def _one_of(kind: type[Code], value: str) -> Code | None:
    return kind(value) if value in set(kind) else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except BadDate:
        return None
