"""The list of stations with its marks, and the rate of activity."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...agreements.queries import localities
from ...core.access.actions import Action
from ...core.dates import today
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...core.web.words import in_words
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records.views import addresses
from .. import queries
from ..enums import RUNNING, WorkstationKind, WorkstationState
from ..marks import Mark
from ..queries import LISTING, Filter
from .blueprint import blueprint


@blueprint.get("/workstations")
@needs(Action.WORKSTATION_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address."""
    wanted, number = wanted_filter(), page_number()
    narrowing = list(queries.conditions(wanted, today()))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    states = LISTING.count_by_state(actor(), WorkstationState, COUNT_LIMIT)
    marks = queries.count_marks(actor(), today(), COUNT_LIMIT)
    return render_template(
        "workstations/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        sides=queries.sides_of([row.id for row in rows]),
        chips=[(code, WorkstationState(code).label, addresses.capped(count)) for code, count in states.items()],
        marks=[(str(mark), mark.label, addresses.capped(count)) for mark, count in marks.items()],
        active=marks[Mark.ACTIVE],
        running=sum(states.get(str(one), 0) for one in RUNNING),
        most=COUNT_LIMIT,
        form=Form(request.args),
        kinds=[(str(kind), kind.label) for kind in WorkstationKind],
        places=[(row.code, in_words(row.name_zh, row.name_en)) for row in localities()],
        chosen=_chosen(wanted),
        narrowed=addresses.narrowed(None, standing=msg("Not withdrawn") if wanted.is_standing else None),
    )


def _chosen(wanted: Filter) -> list[object]:
    """The organisations that the filter names, so that their lists show them."""
    named = [one for one in (wanted.host, wanted.founder) if one]
    return [*organisation_options(choices_where(Organisation.public_id.in_(named)))] if named else []


def wanted_filter() -> Filter:
    """The filter of the address."""
    return Filter(
        text=addresses.text(),
        state=addresses.one_of(WorkstationState, "state"),
        kind=addresses.one_of(WorkstationKind, "kind"),
        host=addresses.identity("host"),
        founder=addresses.identity("founder"),
        region=request.args.get("region", "")[:6],
        mark=addresses.one_of(Mark, "mark"),
        is_standing=request.args.get("standing") == "1",
    )
