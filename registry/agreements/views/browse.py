"""The list of agreements and the page of one."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import EARLIEST, LATEST, BadDate, Precision, last_day, parse_date
from ...core.i18n import Message, msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...core.web.words import in_words
from ...records.months import Months, first_day, read_months
from ...records.views import addresses
from .. import queries
from ..labels import label
from ..models import AgreementKind, AgreementStatus, ArchiveStatus
from ..queries import further
from . import page
from .blueprint import blueprint

Code = TypeVar("Code", AgreementKind, AgreementStatus)
LONGEST_SIGHT = 366  # days
MONTHS = ("months", "signed_from", "signed_to")  # the first is what lists write
OLDER = re.compile(r"(\d{4})-(\d{2})")
ARCHIVE = {"none": ArchiveStatus.NONE, "due": ArchiveStatus.PENDING, "done": ArchiveStatus.DONE}


@blueprint.get("/agreements")
@needs(Action.AGREEMENT_VIEW)
def index() -> ResponseReturnValue:
    """The ledger: filtered, sorted, paged; the filter stands in the address."""
    wanted, number = filter_from_address(), page_number()
    rows = queries.list_visible(actor(), wanted, offset(number), PAGE_SIZE)
    places = {row.code: in_words(row.name_zh, row.name_en) for row in queries.localities()}
    return render_template(
        "agreements/index.html",
        page=Page(rows, number, queries.count_visible(actor(), wanted, COUNT_LIMIT)),
        parties=queries.parties_of([row.id for row in rows], wanted.on),
        on=wanted.on,
        chips=_chips(),
        form=Form(request.args),
        kinds=AgreementKind,
        archive=[(name, label(status)) for name, status in ARCHIVE.items()],
        places=list(places.items()),
        narrowed=list(_narrowed(wanted, places)),
    )


def _narrowed(wanted: queries.Filter, places: Mapping[str, str]) -> Iterator[tuple[Any, tuple[str, ...]]]:
    """What a figure's address adds to the filter bar, with the parameters that say it."""
    if wanted.locality:
        yield places.get(wanted.locality, wanted.locality), ("locality",)
    if wanted.university:
        found = queries.called(wanted.university)
        yield in_words(found.name_zh, found.name_en) if found else wanted.university, ("university",)
    if months := _months():
        yield msg("Signed: %(months)s", months=months.label), MONTHS
    if wanted.expiring:
        yield msg("Expiring within %(days)s days", days=wanted.expiring), ("expiring",)
    if wanted.needs_details:
        yield msg("Details missing"), ("incomplete",)
    if words := further.words(wanted.mark):
        yield words, ("mark",)


def _chips() -> list[tuple[str, Message, str]]:
    """Statuses that the reader has something in, with their counts."""
    counts = queries.count_by_status(actor(), COUNT_LIMIT)
    return [(str(status), label(status), _capped(number)) for status, number in counts.items()]


def _capped(number: int) -> str:
    return f"{number:,}" if number <= COUNT_LIMIT else f"{COUNT_LIMIT:,}+"


@blueprint.get("/agreements/<public_id>")
@needs(Action.AGREEMENT_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One agreement: where it stands, what can be done, its text, files and history."""
    return page.render(queries.get_visible(public_id, actor()))


def filter_from_address() -> queries.Filter:
    """The filter of the address; what cannot be read narrows nothing."""
    given = request.args
    newly_from, newly_to = _days(_months())
    return queries.Filter(
        text=given.get("q", "").strip()[:100],
        status=_one_of(AgreementStatus, given.get("status", "")),
        kind=_one_of(AgreementKind, given.get("kind", "")),
        region=given.get("region", "")[:6],
        party=given.get("party", "")[:26],
        archive=ARCHIVE.get(given.get("archive", "")),
        needs_details=given.get("incomplete", "") == "1",
        signed_from=_day(given.get("from", "")),
        signed_to=_day(given.get("to", "")),
        on=_day(given.get("on", "")),
        locality=given.get("locality", "")[:6],
        university=given.get("university", "")[:26],
        newly_from=newly_from,
        newly_to=newly_to,
        expiring=_number(given.get("expiring", ""), LONGEST_SIGHT),
        mark=given.get("mark", "")[:20],
        sort=given.get("sort", "-signed").removeprefix("-"),
        descending=given.get("sort", "-signed").startswith("-"),
    )


def _one_of(kind: type[Code], value: str) -> Code | None:
    return kind(value) if value in set(kind) else None


def _months() -> Months | None:
    """The months of signing, as all lists write them; in older addresses 2023-03, where one alone stands for both."""
    first, last = (OLDER.fullmatch(request.args.get(name, "")) for name in MONTHS[1:])
    written = "-".join("".join(one.groups()) for one in (first or last, last or first) if one)
    return addresses.months() or read_months(written)


def _days(months: Months | None) -> tuple[date | None, date | None]:
    """The first day and the last; an open end is as far as days go."""
    if months is None:
        return None, None
    first = first_day(months.first) if months.first else EARLIEST
    return first, last_day(first_day(months.last), Precision.MONTH) if months.last else LATEST


def _number(text: str, highest: int) -> int:
    return min(int(text), highest) if text.isdecimal() and len(text) < 6 else 0


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except BadDate:
        return None
