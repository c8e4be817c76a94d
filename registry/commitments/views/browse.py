"""The ledger of promises of an organisation: what it promised and was promised; the same as a file. 承诺台账."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.errors import RegistryError
from ...core.i18n import Message, msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...organisations.models import Organisation
from ...records.views import addresses
from ...records.views.export import Column, send
from ...tasks.enums import Light
from ...tasks.lights import Horizon
from ...tasks.queries import horizon_now
from .. import rates
from ..enums import Bucket, Category, Part, PeriodState
from ..queries import ledger, sums, viewpoints
from ..queries.ledger import Wanted
from . import rows
from .blueprint import blueprint

EXPORTED = "commitment:export"
SIDES = {Part.OBLIGOR: msg("What we promised"), Part.BENEFICIARY: msg("What we were promised")}
THEIR_SIDES = {Part.OBLIGOR: msg("What it promised"), Part.BENEFICIARY: msg("What it was promised")}
SOON = timedelta(days=90)
ONE_DAY = timedelta(days=1)
OPEN, ALL = "open", "all"
WAITS = {Part.OBLIGOR: msg("To answer"), Part.BENEFICIARY: msg("To verify")}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose promises, which side, and the filter."""

    whose: Organisation
    wanted: Wanted
    sky: Horizon
    show: str

    @property
    def is_own(self) -> bool:
        """Whether the reader looks at their own organisation's ledger."""
        return self.whose.id == actor().organisation_id

    @property
    def viewpoint(self) -> viewpoints.Of:
        """For queries."""
        return viewpoints.Of(self.whose.id)

    @property
    def tabs(self) -> dict[str, Wanted]:
        """The present filter under each heading."""
        return {show: replace(self.wanted, **heading) for show, heading in headings(self.sky.today).items()}


def headings(day: date) -> dict[str, dict[str, Any]]:
    """What each heading adds to the filter."""
    return {
        OPEN: {"bucket": Bucket.OPEN},
        "next": {"bucket": Bucket.OPEN, "due_from": day, "due_by": day + SOON},
        "overdue": {"bucket": Bucket.OPEN, "due_by": day - ONE_DAY},
        "waits": {"waits": True},
        "disputed": {"state": PeriodState.DISPUTED},
        "settled": {"bucket": Bucket.SETTLED},
        ALL: {},
    }


def labels(part: Part) -> dict[str, Message]:
    """The headings for the reader."""
    return {
        OPEN: msg("In hand"),
        "next": msg("Due within 90 days"),
        "overdue": msg("Overdue"),
        "waits": WAITS[part],
        "disputed": msg("Disputed"),
        "settled": msg("Settled"),
        ALL: msg("All"),
    }


@blueprint.get("/commitments")
@needs(Action.COMMITMENT_VIEW)
def index() -> ResponseReturnValue:
    """Filtered, paged, the nearest day first; the filter stands in the address."""
    return page_of(asked())


def page_of(given: Asked, error: RegistryError | None = None, form: Form | None = None) -> str:
    """The list; with an error what was refused when several were confirmed."""
    number, part = page_number(), given.wanted.part
    found = ledger.page(given.viewpoint, given.tabs[given.show], offset(number), PAGE_SIZE)
    numbers = ledger.counts(given.viewpoint, given.tabs, COUNT_LIMIT)
    names = labels(part)
    year, last = rate_days(given)
    return render_template(
        "commitments/index.html",
        asked=given,
        error=error,
        confirming=form or Form(),
        page=Page(
            [rows.Line.of(row, given.sky, actor(), is_own=given.is_own) for row in found], number, numbers[given.show]
        ),
        chips=[(code, names[code], addresses.capped(count)) for code, count in numbers.items()],
        sides=[(str(one), label, None) for one, label in (SIDES if given.is_own else THEIR_SIDES).items()],
        tallies=_tallies(given, year, last),
        rate_year=year,
        rate_through=last,
        definition=rates.DEFINITION,
        form=Form(request.args),
        **_options(),
    )


def _options() -> Mapping[str, Any]:
    return {
        "categories": [(str(one), one.label) for one in Category],
        "states": [(str(one), one.label) for one in PeriodState],
        "light_options": [(str(one), one.label) for one in Light],
        "all_lights": list(Light),
    }


def rate_days(given: Asked) -> tuple[int, date]:
    """The year that rates are shown of, and through which day: the year of the filter, else the present one."""
    year = given.wanted.year or given.sky.today.year
    return year, min(date(year, 12, 31), given.sky.today)


def _tallies(given: Asked, year: int, last: date) -> dict[Part, rates.Tally]:
    if last.year < year:
        return {part: rates.Tally() for part in SIDES}
    found = sums.tallies_of([given.whose.id], date(year, 1, 1), last)
    return {part: found.get((given.whose.id, part), rates.Tally()) for part in SIDES}


def asked() -> Asked:
    """Reads the address; without a word about the heading what is in hand, unless a state or a light says it."""
    sky = horizon_now()
    light, state = addresses.one_of(Light, "light"), addresses.one_of(PeriodState, "state")
    show = request.args.get("show", ALL if light or state else OPEN)
    wanted = Wanted(
        part=addresses.one_of(Part, "side") or Part.OBLIGOR,
        state=state,
        category=addresses.one_of(Category, "category"),
        year=_year(),
        agreement=addresses.identity("agreement"),
        text=addresses.text(),
        light=light,
        sky=sky,
    )
    if wanted.part not in SIDES:
        wanted = replace(wanted, part=Part.OBLIGOR)
    return Asked(
        viewpoints.seen_from(addresses.identity("organisation"), actor()),
        wanted,
        sky,
        show if show in headings(sky.today) else OPEN,
    )


def _year() -> int | None:
    given = request.args.get("year", "")
    return int(given) if given.isdecimal() and len(given) == 4 and 1900 <= int(given) <= 2200 else None


@blueprint.post("/commitments/export")
@needs(Action.COMMITMENT_VIEW)
def export() -> ResponseReturnValue:
    """The filtered list as XLSX or CSV; the export is an event itself."""
    given = asked()
    wanted = {name: value for name, value in asdict(replace(given.tabs[given.show], sky=None)).items() if value}
    if not given.is_own:
        wanted["organisation"] = given.whose.name_zh
    return send(msg("Ledger of promises"), columns(given.sky), _exported(given), EXPORTED, wanted)


def _exported(given: Asked) -> Iterator[Row[Any]]:
    for batch in ledger.batches(given.viewpoint, given.tabs[given.show]):
        yield from batch


def columns(sky: Horizon) -> list[Column]:
    """The columns of the ledger (承诺台账)."""
    return [
        Column(msg("Agreement no."), lambda row: row.number),
        Column(msg("Agreement"), lambda row: row.agreement_zh),
        Column(msg("Code"), lambda row: row.code),
        Column(msg("Promise"), lambda row: row.title_zh),
        Column(msg("Category"), lambda row: row.category),
        Column(msg("Part"), lambda row: row.part),
        Column(msg("Other side"), lambda row: row.others_zh),
        Column(msg("Period no."), lambda row: row.no),
        Column(msg("From"), lambda row: row.starts_on),
        Column(msg("Due by"), lambda row: row.due_on),
        Column(msg("Measure"), lambda row: row.comparator),
        Column(msg("Target"), lambda row: rows.plain(row.target)),
        Column(msg("Reported"), lambda row: rows.plain(row.reported)),
        Column(msg("Verified"), lambda row: rows.plain(row.verified)),
        Column(msg("Disputed"), lambda row: rows.plain(row.disputed)),
        Column(msg("Unit"), lambda row: row.unit),
        Column(msg("Verified share"), lambda row: rates.in_percent(rows.part_of(row.verified_millionths))),
        Column(msg("Reported share"), lambda row: rates.in_percent(rows.part_of(row.reported_millionths))),
        Column(msg("State"), lambda row: row.state),
        Column(msg("Light"), lambda row: rows.light(row, sky)),
        Column(msg("Struck off on"), lambda row: row.closed_on),
        Column(msg("Reopened (times)"), lambda row: row.reopened),
    ]
