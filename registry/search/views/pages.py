"""What was found, by kind; and suggestions while somebody types."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import Row

from ...core.access.actions import Action
from ...core.web.guard import actor, needs
from ...core.web.language import language
from ...core.web.paging import PAGE_SIZE, Page, offset, page_number
from ...records.views.addresses import capped
from ..marking import parts
from ..queries.finding import Group, find
from ..sources.base import Source, State
from ..sources.catalogue import BY_KIND
from ..tokens import LONGEST, Wish, wish_of
from .blueprint import blueprint

OF_EACH, SUGGESTED = 5, 3
MOST_SUGGESTIONS = 10


@dataclass(frozen=True)
class Hit:
    """One hit as it is shown: texts with marks, what they are about, and where it leads."""

    source: Source
    address: str
    title: Markup
    number: Markup
    beside: Markup
    day: object
    state: State
    is_marked: bool
    is_demo: bool


@blueprint.get("/search")
@needs(Action.SEARCH_VIEW)
def index() -> ResponseReturnValue:
    """Every kind with its first hits; with `kind` a page of that one."""
    typed, wish = _typed()
    kind, number = _kind(), page_number()
    groups = find(actor(), wish, PAGE_SIZE if kind else OF_EACH, kind, offset(number) if kind else 0)
    chosen = next((group for group in groups if group.source.kind == kind), None)
    return render_template(
        "search/index.html",
        typed=typed,
        asked=bool(typed.strip()),
        understood=bool(wish.words),
        kind=kind,
        kinds=[(group.source.kind, group.source.label, capped(group.total, group.most)) for group in groups],
        groups=[(group, capped(group.total, group.most), _hits(group, wish)) for group in groups if group.rows],
        page=Page(chosen.rows if chosen else (), number, chosen.total if chosen else 0) if kind else None,
    )


@blueprint.get("/search/suggest")
@needs(Action.SEARCH_VIEW)
def suggest() -> ResponseReturnValue:
    """A few hits of each kind as lines of a list; a script puts them under the box."""
    typed, wish = _typed()
    found = [hit for group in find(actor(), wish, SUGGESTED, is_short=True) for hit in _hits(group, wish)]
    return render_template("search/suggest.html", hits=found[:MOST_SUGGESTIONS], typed=typed)


def _typed() -> tuple[str, Wish]:
    typed = request.args.get("q", "").replace("\x00", "")[:LONGEST]
    return typed, wish_of(typed)


def _kind() -> str:
    given = request.args.get("kind", "")
    return given if given in BY_KIND else ""


def _hits(group: Group, wish: Wish) -> list[Hit]:
    return [_hit(group.source, row, wish) for row in group.rows]


def _hit(source: Source, row: Row[Any], wish: Wish) -> Hit:
    chinese = language() == "zh" or not row.title_en
    title = marked(row.title_zh if chinese else row.title_en, wish)
    beside = marked(row.parties_zh if language() == "zh" else row.parties_en, wish)
    texts = (_in_chinese(title) if chinese else title, marked(row.number, wish), beside)
    return Hit(
        source,
        url_for(source.endpoint, public_id=row.public_id),
        *texts,
        day=row.sort_on if source.seen or source.kind == "event" else None,
        state=source.state(row.state) if row.state else None,
        is_marked=any("<mark>" in text for text in texts),
        is_demo=row.is_demo,
    )


def marked(text: str, wish: Wish) -> Markup:
    """The text with what was looked for in it marked."""
    mark = Markup("<mark>{}</mark>")
    return Markup("").join(mark.format(part) if is_hit else part for part, is_hit in parts(text, wish))


def _in_chinese(text: Markup) -> Markup:
    """A Chinese title on an English page says so."""
    return text if language() == "zh" else Markup('<span lang="zh-CN">{}</span>').format(text)
