"""What the pages of briefings have in common: months in addresses, addresses of records, what a briefing says."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app, render_template, url_for
from markupsafe import Markup

from ....accounts.models import User
from ....core.errors import NotFound, RegistryError
from ....core.web.forms import Form
from ....core.web.guard import actor
from ....core.web.language import language
from ....documents.produce import CannotRender
from ....records import kinds
from ....records.views.pages import user
from ....tasks.queries import TaskLine, tasks_of_several
from ... import policy
from ...briefing import kept, telling
from ...briefing.content import Content
from ...briefing.gathering import cut_of
from ...briefing.kept import Kept
from ...briefing.paper import Addresses
from ...briefing.picture import chart_of
from ...metrics.codes import MetricCode
from ...metrics.dictionary import METRICS
from ...models import Briefing, BriefingItem, FileForm
from ...queries import briefings as queries
from ...schemas import month_from
from ...services import issued, snapshots
from ..behind import address

ITEM = "briefing_item"


@dataclass(frozen=True)
class Told:
    """A month's briefing: its figures, what it says of them, and the row, None for a month that is not over."""

    month: int
    kept: Kept
    said: Content
    briefing: Briefing | None = None


def office() -> User:
    """The reader, of an organisation that has briefings. Raises Forbidden."""
    policy.may_read(user()).enforce()
    return user()


def month_of_address(text: str) -> int:
    """YYYYMM of the address. Raises NotFound."""
    month = month_from(text)
    if month is None:
        raise NotFound
    return month


def told_of(month: int, spoken: str) -> Told:
    """The briefing of a month in a language; of the present month as it stands so far.

    Raises NotFound for a month of which none was drawn up.
    """
    reader = office()
    if snapshots.is_present(month):
        found, said = telling.unfinished(reader.organisation, month, spoken)
        return Told(month, found, said)
    briefing = queries.get_briefing(reader, month)
    return Told(month, kept.load(briefing.snapshot.content), telling.told(briefing, spoken), briefing)


def addresses(said: Content, month: int, start: str = "") -> Addresses:
    """Where the figures and the records that it names are, those that have a page; `start` stands before each."""
    return {place: start + found for place, found in _addresses(said, month) if found}


def _addresses(said: Content, month: int) -> Iterator[tuple[tuple[str, str], str]]:
    codes = {piece.code for item in said.items for piece in item.pieces if piece.code} | {
        note.code for note in said.notes if note.code
    }
    for code in sorted(codes):
        yield ("metric", code), metric_address(code, month)
    records = [(one.kind, one.public_id) for one in said.notes if one.kind]
    records += [(row.kind, row.public_id) for annex in said.annexes for row in annex.rows if row.kind]
    for kind, public_id in records:
        yield (kind, public_id), record_address(kind, public_id)


def metric_address(code: str, month: int) -> str:
    """The list behind a figure of a month; empty where this registry has none."""
    metric = METRICS.get(MetricCode(code))
    behind = metric.behind(cut_of(month), cut_of(month).last_day) if metric else None
    if metric is None or behind is None or behind.endpoint not in current_app.view_functions:
        return ""
    return address(metric, cut_of(month)) or ""


def record_address(kind: str, public_id: str) -> str:
    """The page of a record."""
    try:
        return url_for(kinds.kind_of(kind).endpoint, public_id=public_id)
    except NotFound:
        return ""


def kept_chart(told: Told) -> Markup | None:
    """The chart of an issued briefing, as it was drawn then."""
    found = issued.kept(told.briefing, told.said.language, FileForm.SVG)
    return Markup(found.decode()) if found else None  # noqa: S704 - made of a known few elements before it was kept


def page(month: int, *, error: RegistryError | None = None, form: Form | None = None) -> str:
    """The page of a month's briefing."""
    found = told_of(month, language())
    briefing = found.briefing
    corrections = telling.corrections_of([briefing.snapshot])[month] if briefing else []
    items = queries.items_of(briefing) if briefing else {}
    return render_template(
        "briefings/show.html",
        month=month,
        month_text=f"{month // 100}-{month % 100:02}",
        said=found.said,
        briefing=briefing,
        items=items,
        tasks_of_items=tasks_of(list(items.values())),
        corrections=corrections,
        addresses=addresses(found.said, month),
        chart=chart_of(found.said),
        kept_chart=kept_chart(found),
        may_edit=bool(briefing and policy.may_edit(user(), briefing)),
        may_issue=bool(briefing and policy.may_issue(user(), briefing)),
        cannot_render=error if isinstance(error, CannotRender) else None,
        error=None if isinstance(error, CannotRender) else error,
        form=form,
    )


def tasks_of(items: list[BriefingItem]) -> dict[str, list[TaskLine]]:
    """Tasks that came of instructions, by the public id of the item."""
    return tasks_of_several(ITEM, [one.public_id for one in items], actor()) if items else {}
