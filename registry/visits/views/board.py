"""The board of visits to employers (访企拓岗): every number leads to the rows behind it."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import today
from ...core.figures.checks import share
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...organisations.models import OrganisationKind
from ...records.views import addresses
from ...records.views.pages import user
from ..queries.board import QUOTA, by_college, by_university, year_of, years_with_visits
from ..queries.listing import NO_COLLEGE
from .blueprint import blueprint

EARLIEST, LATEST = 1990, 2199


@blueprint.get("/visits/board")
@needs(Action.VISIT_VIEW)
def board() -> ResponseReturnValue:
    """Universities of a year, and the colleges of one of them."""
    year = _year()
    rows = by_university(actor(), year)
    chosen = addresses.identity("university") or _own() or (rows[0].public_id if rows else "")
    return render_template(
        "visits/board.html",
        year=year,
        years=[(one, str(one)) for one in sorted({today().year, year, *years_with_visits(actor())}, reverse=True)],
        rows=rows,
        quota=QUOTA,
        chosen=next((row for row in rows if row.public_id == chosen), None),
        colleges=by_college(actor(), year, chosen) if chosen else [],
        share=share,
        no_college=NO_COLLEGE,
        behind=lambda public_id, **more: _address(year, public_id, **more),
        form=Form({"year": year, "university": chosen}),
    )


def _address(year: int, university: str, **more: Any) -> str:
    """The list behind a number."""
    first, last = year_of(year)
    common: dict[str, Any] = {
        "kind": "enterprise_expansion", "state": "held", "since": first, "until": last, "visitor": university,
    }  # fmt: skip
    return url_for("visits.index", **common, **more)


def _year() -> int:
    given = request.args.get("year", "")
    wanted = int(given) if given.isdecimal() and len(given) == 4 else today().year
    return min(max(wanted, EARLIEST), LATEST)


def _own() -> str:
    own = user().organisation
    return own.public_id if own.kind is OrganisationKind.UNIVERSITY else ""
