"""The register of an organisation's numbers, and the page on which its section head says how it numbers."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...core.access.actions import Action
from ...core.dates import today
from ...core.errors import Conflict, Invalid, RegistryError, Stale
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored, row_version, show_newest
from ...core.web.guard import actor, needs
from ...core.web.paging import COUNT_LIMIT, PAGE_SIZE, Page, offset, page_number
from ...core.web.schema import load
from ...organisations.models import Organisation
from ...records.views.export import Column, in_pages, send
from .. import policy, queries
from ..models import AgreementKind
from ..queries import Book, Gap
from ..schemas.numbers import APART, IN_COMMON, NumberRulesSchema, StartSchema
from ..services import number_rules
from .blueprint import blueprint
from .steps import user

EXPORTED = "agreement:export_numbers"
WHOLE = "*"  # all words in common: an empty value would mean that nothing was chosen


@blueprint.get("/organisations/<public_id>/numbers")
@needs(Action.AGREEMENT_VIEW_NUMBERS)
def numbers(public_id: str) -> ResponseReturnValue:
    """A year's numbers in sequence, void ones too, and why any are missing."""
    number = page_number()
    book, years, words = _book(public_id)
    lines = queries.page_of_numbers(book, actor(), offset(number), PAGE_SIZE)
    return render_template(
        "agreements/numbers.html",
        organisation=book.issuer,
        book=book,
        years=[(one, one) for one in years],
        words=[(word, word) for word in words],
        lines=lines,
        is_gap=lambda line: isinstance(line, Gap),
        printed=queries.printed,
        form=Form({"year": book.year, "word": book.prefix}),
        page=Page(lines, number, queries.count_numbers(book, COUNT_LIMIT)),
    )


@blueprint.post("/organisations/<public_id>/numbers/export")
@needs(Action.AGREEMENT_VIEW_NUMBERS)
def export_numbers(public_id: str) -> ResponseReturnValue:
    """The same as XLSX or CSV, gaps with their reasons; the export is an event itself."""
    book = _book(public_id)[0]
    columns = [
        Column(msg("Agreement no."), lambda line: _numbers(line) if isinstance(line, Gap) else line.number),
        Column(msg("Title"), lambda line: "" if isinstance(line, Gap) or not line.seen else line.title_zh),
        Column(msg("Kind"), lambda line: "" if isinstance(line, Gap) else line.kind),
        Column(msg("Status"), lambda line: "" if isinstance(line, Gap) else line.outcome or line.status),
        Column(msg("Note"), _note),
    ]
    lines: Iterator[Any] = (
        line
        for page in in_pages(lambda start, most: queries.page_of_numbers(book, actor(), start, most))
        for line in page
    )
    wanted = {"organisation": book.issuer.name_zh, "year": book.year, "word": book.prefix}
    return send(msg("Register of numbers"), columns, lines, EXPORTED, wanted)


def _numbers(gap: Gap) -> str:
    return str(gap.first) if gap.first == gap.last else f"{gap.first}–{gap.last}"


def _note(line: Any) -> object:
    if isinstance(line, Gap):
        return line.reason
    if line.number_series is None:
        return str(msg("Taken over from a paper"))
    return line.void_reason if line.seen else ""


def _book(public_id: str) -> tuple[Book, Sequence[int], Sequence[str]]:
    """Which page of the register the address means, with the years and words that there are."""
    organisation = queries.get_numbered(public_id, actor())
    years = queries.years_of(organisation.id, today().year)
    given = request.args.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 and int(given) in years else years[0]
    words = queries.prefixes_of_year(organisation.id, year)
    wanted = request.args.get("word", "")
    book = Book(organisation, year, wanted if wanted in words else _first_word(organisation, words))
    return book, years, words


def _first_word(organisation: Organisation, words: Any) -> str:
    """The organisation's own word where it has numbers, else the first that has; none where all count in common."""
    own = queries.rules_of(organisation).prefix
    return own if own in words else next(iter(words), "")


@blueprint.get("/organisations/<public_id>/numbering")
@needs(Action.AGREEMENT_SET_NUMBERING)
def rules(public_id: str) -> ResponseReturnValue:
    """Words and counts as they are, with the next number of each series."""
    organisation = _own(public_id)
    return _page(organisation, restored() or _form(queries.rules_of(organisation)))


@blueprint.post("/organisations/<public_id>/numbering")
@needs(Action.AGREEMENT_SET_NUMBERING)
def save_rules(public_id: str) -> ResponseReturnValue:
    """Take other words, or another way of counting."""
    organisation, form = _own(public_id), Form(form_values())
    try:
        given = load(NumberRulesSchema(), _nested(form.values))
        with once.transaction() as done:
            number_rules.set_rules(_own(public_id), given, row_version(), user())
            done.at(url_for("agreements.rules", public_id=public_id))
    except (Invalid, Stale) as error:
        return _refused(organisation, form, error)
    flash(str(msg("The next number follows these rules; numbers given out stay as they are")), "success")
    return done.redirect()


@blueprint.post("/organisations/<public_id>/numbering/start")
@needs(Action.AGREEMENT_SET_NUMBERING)
def start_numbers(public_id: str) -> ResponseReturnValue:
    """Begin this year's count higher, where papers were numbered before the registry was."""
    organisation, form = _own(public_id), Form(form_values())
    try:
        given = load(StartSchema(), form.values)
        series = "" if given["series"] == WHOLE else given["series"]
        with once.transaction() as done:
            number_rules.set_start(_own(public_id), series, given["start"], row_version(), user())
            done.at(url_for("agreements.rules", public_id=public_id))
    except (Invalid, Conflict) as error:
        return _refused(organisation, None, error, start=form)
    flash(str(msg("The next number of this year is set")), "success")
    return done.redirect()


def _own(public_id: str) -> Organisation:
    organisation = queries.get_numbered(public_id, actor())
    policy.may_set_numbering(actor(), organisation).enforce()
    return organisation


def _nested(values: Any) -> dict[str, Any]:
    """`kinds-strategic` → {"kinds": {"strategic": …}}."""
    kinds = {name.removeprefix("kinds-"): value for name, value in values.items() if name.startswith("kinds-")}
    return {name: value for name, value in values.items() if not name.startswith("kinds-")} | {"kinds": kinds}


def _form(present: queries.Rules) -> Form:
    kinds = {f"kinds-{kind}": word for kind, word in present.kinds.items()}
    return Form({"prefix": present.prefix, "counting": IN_COMMON if present.in_common else APART, **kinds})


def _refused(
    organisation: Organisation, form: Form | None, error: RegistryError, start: Form | None = None
) -> ResponseReturnValue:
    """The page again: what was typed stays in the form that was sent."""
    if isinstance(error, Invalid):
        form, start = form and form.refused(error), start and start.refused(error)
    if isinstance(error, Stale):
        show_newest()
    shown = form or _form(queries.rules_of(organisation))
    return _page(organisation, shown, error=error, start=start), error.status


def _page(
    organisation: Organisation, form: Form, *, error: RegistryError | None = None, start: Form | None = None
) -> str:
    present, year = queries.rules_of(organisation), today().year
    series = queries.series_of_year(organisation, present, year)
    open_series = [(one.name or WHOLE, ", ".join(one.prefixes)) for one in series if not one.given]
    settled = queries.rule_of_year(organisation.id, year)
    return render_template(
        "agreements/numbering.html",
        organisation=organisation,
        rules=present,
        year=year,
        series=series,
        is_next_year=settled is not None and settled != present.in_common,
        kinds=AgreementKind,
        printed=queries.printed,
        form=form,
        open_series=open_series,
        start_form=start or Form({"series": open_series[0][0]} if open_series else {}),
        countings=(
            (APART, msg("Each word has a sequence of its own")),
            (IN_COMMON, msg("All words share one sequence")),
        ),
        error=error,
    )
