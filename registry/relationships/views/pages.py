"""The list of relationships, the page of one, and saying why one is silent."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...agreements.queries import localities
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import Conflict, RegistryError
from ...core.i18n import Message, msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...core.web.words import in_words
from ...records.views import addresses
from ...records.views.export import Column, send
from ...records.views.pages import Pages, Shown, reason
from .. import services
from ..enums import Level
from ..models import Relationship
from ..queries import LISTING, Filter, conditions, timeline
from .blueprint import blueprint

EXPORTED = "relationship:export"
COLUMNS = (
    Column(msg("Locality and university"), lambda row: row.title_zh),
    Column(msg("Level"), lambda row: row.level),
    Column(msg("Last activity"), lambda row: row.last_active_on),
    Column(msg("Days of silence"), lambda row: (today() - row.last_active_on).days if row.last_active_on else ""),
    Column(msg("Next due"), lambda row: row.next_due_on),
    Column(msg("Why it is silent"), lambda row: row.quiet_reason),
)


@blueprint.get("/relationships")
@needs(Action.RELATIONSHIP_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, sorted, paged; the filter stands in the address."""
    wanted, number = wanted_filter(), page_number()
    narrowing = list(conditions(wanted))
    rows = LISTING.page(actor(), narrowing, offset(number), PAGE_SIZE, request.args.get("sort", ""))
    return render_template(
        "relationships/index.html",
        page=Page(rows, number, LISTING.count(actor(), narrowing, COUNT_LIMIT)),
        chips=_chips(),
        form=Form(request.args),
        today=today(),
        places=[(row.code, in_words(row.name_zh, row.name_en)) for row in localities()],
    )


@blueprint.post("/relationships/export")
@needs(Action.RELATIONSHIP_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    wanted = wanted_filter()
    return send(msg("Relationships"), COLUMNS, _rows(wanted), EXPORTED, asdict(wanted))


@blueprint.get("/relationships/<public_id>")
@needs(Action.RELATIONSHIP_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One relationship: ladder, timeline, what is due, how long it has been silent."""
    return PAGES.show(public_id)


@blueprint.post("/relationships/<public_id>/explain")
@needs(Action.RELATIONSHIP_EXPLAIN)
def explain(public_id: str) -> ResponseReturnValue:
    """Say why nothing happens."""
    done = msg("The reason is recorded")
    return PAGES.act(public_id, "explain", done, lambda one, by: services.explain(one, reason(), by))


def render(relationship: Relationship, shown: Shown) -> str:
    """The page of one relationship."""
    past, due = timeline(relationship, actor())
    explains = relationship.is_dormant(today()) and decide(actor(), Action.RELATIONSHIP_EXPLAIN, relationship)
    return render_template(
        "relationships/show.html",
        relationship=relationship,
        shown=shown,
        past=past,
        due=due,
        levels=list(Level),
        explains=explains,
        today=today(),
    )


def no_form(_form: Form, _relationship: Relationship | None, _error: RegistryError | None) -> str:
    """Relationships are derived: nobody enters or edits one."""
    raise Conflict


PAGES = Pages("relationships.show", LISTING, render, no_form)


def wanted_filter() -> Filter:
    """The filter of the address."""
    return Filter(
        text=addresses.text(),
        level=addresses.one_of(Level, "level"),
        region=request.args.get("region", "")[:6],
        university=addresses.identity("university"),
        silent=request.args.get("silent") == "1",
    )


def _rows(wanted: Filter) -> Iterator[Row[Any]]:
    for batch in LISTING.batches(actor(), conditions(wanted)):
        yield from batch


def _chips() -> list[tuple[str, Message, str]]:
    counts = LISTING.count_by_state(actor(), Level, COUNT_LIMIT)
    return [(code, Level(code).label, addresses.capped(number)) for code, number in counts.items()]
