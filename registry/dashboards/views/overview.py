"""总览看板: what leaders see first. The filter stands in the address and goes along to the lists behind numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from ...core.access.actions import Action
from ...core.dates import today
from ...core.figures.kinds import Number, grouped
from ...core.web.addresses import url_for
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...core.web.icons import icon
from ...core.web.words import in_words
from ...records.kinds import kind_of
from ...relationships.enums import Level
from ..cut import Cut
from ..metrics.base import Metric
from ..metrics.dictionary import METRICS
from ..overview.page import ALL_OF, Heeded, Overview, overview_of
from ..overview.periods import Span, month_text, months_text
from ..queries.attention import Item, Listed
from .asking import asked, kept
from .behind import address
from .blueprint import blueprint
from .charting import charts_of
from .saying import moved, spoken

LADDER = {
    Level.CONTACT: "chat-left-text",
    Level.MECHANISM: "link-45deg",
    Level.WORKSTATION: "building",
    Level.AGREEMENT: "file-earmark-text",
}
CHOICES = (Span.ALL, Span.YEAR, Span.QUARTER, Span.MONTH)


@blueprint.get("/overview")
@needs(Action.OVERVIEW_VIEW)
def overview() -> ResponseReturnValue:
    """Everything on one page, as far as the reader's organisation sees."""
    page = overview_of(actor(), asked(), today())
    return render_template("dashboards/overview.html", spans=CHOICES, **words_of(page))


def words_of(page: Overview) -> Mapping[str, Any]:
    """The page and what its templates ask."""
    university = page.asked.university if page.cut.university_id else ""

    def behind(metric: Metric, cut: Cut) -> str | None:
        return address(metric, cut, university)

    def all_of(group: Heeded) -> str | None:
        code = ALL_OF.get(group.listed)
        return behind(group.metric, page.cut) if code and group.metric else _listed(group.listed, page, university)

    return {
        "page": page,
        "METRICS": METRICS,
        "kept": kept(),
        "behind": behind,
        "all_of": all_of,
        "page_of": page_of,
        "spoken": spoken,
        "spoken_number": _short,
        "moved": moved,
        "months": lambda cut: months_text(cut.first, cut.last),
        "month_text": month_text,
        "LADDER": _ladder(),
        "narrowed": _narrowed(page),
        "charts": charts_of(page, behind, _narrowed(page)),
        "form": _form(page),
        "places": [(place.code, place.name) for place in page.places],
        "schools": [(school.public_id, school.name) for school in page.schools],
        "programmes": [(name, name) for name in page.programmes],
    }


@dataclass(frozen=True)
class Rung:
    """A level of the ladder as cells show it; `place` counts from the lowest, 0."""

    place: int
    icon: Markup
    label: str


def _ladder() -> Mapping[Level, Rung]:
    """From the lowest."""
    return {level: Rung(level.rung, icon(name), str(level.label)) for level, name in LADDER.items()}


def _form(page: Overview) -> Form:
    return Form(
        {
            "from": month_text(page.cut.first) if page.asked.period.has_begun else "",
            "to": month_text(page.cut.last),
            "locality": page.cut.locality,
            "university": page.asked.university,
            "programme": page.cut.programme,
        }
    )


def _narrowed(page: Overview) -> list[object]:
    """What the figures are narrowed to, in words."""
    found: list[object] = [place.name for place in page.places if place.code == page.cut.locality]
    found += [in_words(one.name_zh, one.name_en) for one in page.schools if one.id == page.cut.university_id]
    return found + ([page.cut.programme] if page.cut.programme else [])


def _short(value: Number) -> str:
    """A part of a rate: 8, or 7.5."""
    return grouped(round(Decimal(value), 1))


def page_of(item: Item) -> str:
    """The record's own page."""
    return url_for(kind_of(item.kind).endpoint, public_id=item.public_id)


def _listed(listed: Listed, page: Overview, university: str) -> str:
    """Lists of concerns that no metric counts."""
    region, school = page.cut.locality or None, university or None
    if listed is Listed.RED:
        return url_for("tasks.index", light="red", region=region, lead=school)
    return url_for("relationships.index", silent="1", region=region, university=school)
