"""Details to be found 待补信息: the list, filling in what is missing, and the second person's word on it."""

from collections.abc import Iterator
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import Invalid, NotFound, Stale
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...records.views.export import Column, in_pages, send
from .. import picker, queries
from ..models import Agreement, Supplement
from ..schemas.events import ORGANISATION, found_from
from ..services import projection, supplement
from .blueprint import blueprint
from .steps import act, reason, user

LOOKUP = "do"
DETAILS_EXPORTED = "agreement:export_details"


@blueprint.get("/agreements/details-missing")
@needs(Action.AGREEMENT_VIEW)
def details_missing() -> ResponseReturnValue:
    """Records that lack something, with what they lack."""
    number = page_number()
    wanted = queries.Filter(needs_details=True)
    rows = queries.whole(actor(), wanted, offset(number), PAGE_SIZE)
    return render_template(
        "agreements/details_missing.html",
        page=Page(rows, number, queries.count_visible(actor(), wanted, COUNT_LIMIT)),
        missing={row.id: projection.missing_details(row) for row in rows},
        may_fill={row.id: bool(supplement.may_propose(user(), row)) for row in rows},
    )


@blueprint.post("/agreements/details-missing/export")
@needs(Action.AGREEMENT_VIEW)
def export_details_missing() -> ResponseReturnValue:
    """The same as XLSX or CSV; the export is an event itself."""
    wanted = queries.Filter(needs_details=True)
    columns = [
        Column(msg("Agreement no."), lambda row: row.number),
        Column(msg("Title"), lambda row: row.title_zh),
        Column(msg("Status"), lambda row: row.status),
        Column(msg("What is missing"), _missing),
    ]
    pages = in_pages(lambda start, most: queries.whole(actor(), wanted, start, most))
    rows: Iterator[Any] = (row for page in pages for row in page)
    return send(msg("Details to be found"), columns, rows, DETAILS_EXPORTED, {})


def _missing(row: Any) -> str:
    return "；".join(str(one) for one in projection.missing_details(row))


@blueprint.get("/agreements/<public_id>/supplement")
@needs(Action.AGREEMENT_SUPPLEMENT)
def supplement_form(public_id: str) -> ResponseReturnValue:
    """The missing fields, and only those."""
    return _page(_supplementable(public_id), restored() or Form())


@blueprint.post("/agreements/<public_id>/supplement")
@needs(Action.AGREEMENT_SUPPLEMENT)
def propose_supplement(public_id: str) -> ResponseReturnValue:
    """Hand in what was found; the other button only looks organisations up."""
    values = form_values()
    form, agreement = Form(values), _supplementable(public_id)
    if values.pop(LOOKUP, "") == "lookup":
        return _page(agreement, form)
    try:
        given = found_from(values)
        with once.transaction() as done:
            supplement.propose(queries.get_for_change(public_id, actor(), row_version()), given, user())
            done.at(url_for("agreements.show", public_id=public_id))
    except Invalid as error:
        return _page(_supplementable(public_id), form.refused(error)), 422
    except Stale as error:
        show_newest()
        return _page(_supplementable(public_id), form, stale=error), 409
    flash(str(msg("The found details are handed in; a second person has to confirm them")), "success")
    return done.redirect()


def _supplementable(public_id: str) -> Agreement:
    agreement = queries.get_visible(public_id, actor())
    supplement.may_propose(user(), agreement).enforce()
    return agreement


def _page(agreement: Agreement, form: Form, **more: Any) -> str:
    unknown = [party for party in agreement.parties if party.organisation_id is None]
    lines = [
        {
            "organisation": str(form.value(f"{ORGANISATION}{party.public_id}")),
            "search": str(form.value(f"search-{party.public_id}")),
        }
        for party in unknown
    ]
    return render_template(
        "agreements/supplement.html",
        agreement=agreement,
        form=form,
        gaps=supplement.gaps(agreement),
        unknown=list(zip(unknown, picker.options(lines), strict=True)),
        pending=supplement.pending_of(agreement),
        **more,
    )


@blueprint.post("/agreements/<public_id>/supplement/<supplement_id>/confirm")
@needs(Action.AGREEMENT_CONFIRM_SUPPLEMENT)
def confirm_supplement(public_id: str, supplement_id: str) -> ResponseReturnValue:
    """Let the found details count."""

    def do(agreement: Agreement, by: User) -> None:
        supplement.confirm(agreement, _waiting(agreement, supplement_id), by)

    return act(public_id, "supplement", msg("The found details are confirmed"), do)


@blueprint.post("/agreements/<public_id>/supplement/<supplement_id>/refuse")
@needs(Action.AGREEMENT_CONFIRM_SUPPLEMENT)
def refuse_supplement(public_id: str, supplement_id: str) -> ResponseReturnValue:
    """Set them aside with a reason."""

    def do(agreement: Agreement, by: User) -> None:
        supplement.refuse(agreement, _waiting(agreement, supplement_id), reason(), by)

    return act(public_id, "refuse-supplement", msg("The found details are refused"), do)


def _waiting(agreement: Agreement, public_id: str) -> Supplement:
    found = supplement.pending_of(agreement)
    if found is None or found.public_id != public_id:
        raise NotFound
    return found
