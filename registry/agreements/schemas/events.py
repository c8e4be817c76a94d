"""Signing events, batches of historic records and found details, as they are typed. 签约活动与补录表单。"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...core.dates import Precision
from ...core.errors import Invalid
from ...core.i18n import BABEL_NAMES, Message, msg, speaking
from ...core.text import BadText, clean
from ...core.web.schema import Choice, Day, InputSchema, LongText, PartialDay, Text, Whole, load
from ..inputs import Term
from ..inputs_events import BatchRow, EventDetails, FoundDetails, ProgrammeRow
from ..labels import label
from ..models import AgreementKind
from .fields import WebAddress

LONGEST_BATCH = 60_000
MOST_LINES = 100
MOST_ITEMS = 40
SEPARATOR = re.compile(r"\s*[\t|｜]\s*")
ORGANISATION = "organisation-"
TERM_FIELDS = ("term_months", "expires_on", "open_ended")


class EventSchema(InputSchema):
    """A signing event; only its title is required."""

    title_zh = Text(required=True)
    title_en = Text(400, load_default="")
    held_on = PartialDay(load_default=(None, Precision.UNKNOWN))
    place = Text(load_default="")
    programme = LongText(load_default="")
    source = LongText(1000, load_default="")
    source_url = WebAddress(load_default="")


class BatchSchema(InputSchema):
    """The lines of a batch, and the kind of those that name none."""

    rows = LongText(LONGEST_BATCH, required=True)
    kind = Choice(AgreementKind, required=True)


class FoundSchema(InputSchema):
    """Found details: the source is required, and whatever was found."""

    source = LongText(1000, required=True)
    signed_on = PartialDay(load_default=(None, Precision.UNKNOWN))
    effective_on = Day(load_default=None)
    term_months = Whole(1, 1200, load_default=None)
    expires_on = Day(load_default=None)
    open_ended = Text(5, load_default="")
    number = Text(60, load_default="")
    signing_place = Text(load_default="")


def event_from(values: Mapping[str, Any]) -> EventDetails:
    """The event that the form describes. Raises Invalid by field."""
    given = load(EventSchema(), _without_empty(values, "source_url"))
    held_on, precision = given.pop("held_on")
    programme = tuple(_programme(given.pop("programme")))
    return EventDetails(held_on=held_on, held_precision=precision, programme=programme, **given)


def _programme(text: str) -> Iterator[ProgrammeRow]:
    """One item a line: time | item | who; a line without separators is an item."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ITEMS:
        raise Invalid({"programme": [msg("At most %(most)s lines", most=MOST_ITEMS)]})
    for line in lines:
        cells = [cell[:200] for cell in SEPARATOR.split(line.strip())]
        if len(cells) == 1:
            yield ProgrammeRow(cells[0])
        else:
            yield ProgrammeRow(cells[1], cells[0], " ".join(cells[2:]))


def programme_text(rows: list[dict[str, str]]) -> str:
    """The programme as it is typed."""
    return "\n".join(" | ".join((row["time"], row["item"], row["who"])).rstrip(" |") for row in rows)


def batch_from(values: Mapping[str, Any]) -> list[BatchRow]:
    """The lines of the batch. Raises Invalid, naming every line that cannot be read."""
    given = load(BatchSchema(), values)
    lines = [(number, line) for number, line in enumerate(_lines(values), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Invalid({"rows": [msg("At most %(most)s lines", most=MOST_LINES)]})
    problems: list[Message] = []
    found = []
    for number, line in lines:
        try:
            found.append(_batch_row(number, line, given["kind"]))
        except BadText as bad:
            problems.append(msg("Line %(line)s: %(told)s", line=number, told=bad.message))
    if problems:
        raise Invalid({"rows": problems})
    return found


def _lines(values: Mapping[str, Any]) -> list[str]:
    """As pasted: cleaning a text would cut the tab of an empty first or last cell."""
    return str(values.get("rows", "")).splitlines()


def _batch_row(number: int, line: str, kind: AgreementKind) -> BatchRow:
    cells = [clean(cell) for cell in re.split(r"[\t|｜]", line)]
    cells += [""] * (5 - len(cells))
    if len(cells) > 5 or not all(cells[:3]):
        raise BadText(msg("Write title, party A and party B, then if known kind and number, with tabs or | between"))
    return BatchRow(number, cells[0], cells[1], cells[2], _kind(cells[3]) if cells[3] else kind, cells[4][:60])


def _kind(text: str) -> AgreementKind:
    """By code or by its name in either language. Raises BadText."""
    wanted = text.casefold()
    for kind in AgreementKind:
        if wanted in {str(kind), *(name.casefold() for name in _names(kind))}:
            return kind
    raise BadText(msg("The kind %(text)s is not known", text=text))


def _names(kind: AgreementKind) -> Iterator[str]:
    for language in BABEL_NAMES:
        with speaking(language):
            yield str(label(kind))


def found_from(values: Mapping[str, Any]) -> FoundDetails:
    """The found details of the form. Raises Invalid by field."""
    organisations = {
        name.removeprefix(ORGANISATION): str(value)[:32]
        for name, value in values.items()
        if name.startswith(ORGANISATION) and value
    }
    rest = {name: value for name, value in values.items() if not name.startswith((ORGANISATION, "search-"))}
    given = load(FoundSchema(), rest)
    signed_on, precision = given.pop("signed_on")
    months, last, is_open = (given.pop(name) for name in TERM_FIELDS)
    return FoundDetails(
        organisations=organisations,
        signed_on=signed_on,
        signed_precision=precision,
        term=Term(months=months, expires_on=last, open_ended=bool(is_open)),
        **given,
    )


def _without_empty(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name or str(value).strip()}
