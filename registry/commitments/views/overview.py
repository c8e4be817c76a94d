"""Rates of all organisations that the reader sees: a province looks at its bureaus side by side. 各单位兑现情况."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import today
from ...core.web.guard import actor, needs
from ...core.web.paging import PAGE_SIZE, page_number
from .. import rates
from ..enums import Part
from ..queries import sums, viewpoints
from .blueprint import blueprint

SIDES = (Part.OBLIGOR, Part.BENEFICIARY)


@blueprint.get("/commitments/organisations")
@needs(Action.COMMITMENT_VIEW)
def organisations() -> ResponseReturnValue:
    """In the order of regions, never by rank; each leads to its own ledger, read as it stands."""
    day, number = today(), page_number()
    found = viewpoints.with_promises(actor(), (number - 1) * PAGE_SIZE, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    ids = [row.id for row in shown]
    year = _year(day)
    tallies = sums.tallies_of(ids, date(year, 1, 1), min(day, date(year, 12, 31))) if ids else {}
    return render_template(
        "commitments/organisations.html",
        rows=shown,
        tallies={row.id: {part: tallies.get((row.id, part), rates.Tally()) for part in SIDES} for row in shown},
        overdue=viewpoints.overdue_of(ids, day) if ids else {},
        year=year,
        years=range(day.year, day.year - 4, -1),
        number=number,
        has_more=len(found) > PAGE_SIZE,
        definition=rates.DEFINITION,
    )


def _year(day: date) -> int:
    given = request.args.get("year", "")
    return int(given) if given.isdecimal() and len(given) == 4 and 1900 <= int(given) <= day.year else day.year
