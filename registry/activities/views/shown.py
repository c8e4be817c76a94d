"""The page of an activity and of one of its figures, gathered once; also after an act that was refused. 活动页面."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import NotFound
from ...core.figures.checks import check_parts
from ...core.figures.reading import BadFigure
from ...core.i18n import Message
from ...core.web.guard import actor
from ...core.web.words import in_words, legal_date
from ...records import kinds
from ...records.views.pages import Shown
from .. import policy
from ..enums import HOLDERS, ActivityState, Link
from ..figure_codes import LABELS, FigureCode
from ..models import Activity, ActivityFigure, ActivityOutcome
from ..queries.beside import parts_of, sees_event, titles_of_holders
from ..queries.totals import Sum, sums_of_parts
from ..ratios import ratios
from ..reading import read


@dataclass(frozen=True)
class Beside:
    """An activity's own figure, and what its parts add up to: never both counted."""

    code: FigureCode
    own: ActivityFigure | None
    parts: Sequence[Sum]


@dataclass(frozen=True)
class Outcome:
    """A linked record that the reader sees."""

    row: ActivityOutcome
    kind: Message
    title: object
    address: str


def render(activity: Activity, shown: Shown) -> str:
    """The page of one activity."""
    named = [one for one in activity.current_figures if one.code is not FigureCode.OTHER]
    actual = {one.code: one for one in named if not one.is_planned}
    outcomes = _outcomes(activity)
    return render_template(
        "activities/show.html",
        activity=activity,
        shown=shown,
        today=today(),
        figures=activity.current_figures,
        checks_all=any(policy.may_check(actor(), one) for one in activity.current_figures if not one.needs_check),
        ratios=ratios(actual),
        doubts=[one.message for one in check_parts({str(code): one for code, one in actual.items()}, LABELS)],
        enterable=_enterable(activity),
        parts=parts_of(activity, actor()),
        beside=_beside(activity, actual),
        holder=_holder(activity),
        holds_parts=activity.kind in HOLDERS and activity.parent_id is None and activity.state != "cancelled",
        held_days={name: _typed(activity, name) for name in ("held_on", "held_until")},
        link_options=[(str(one), one.label) for one in Link],
        event_words=_event(activity),
        outcomes=outcomes,
        untold=len(activity.outcomes) - len(outcomes),
    )


def render_figure(activity: Activity, shown: Shown) -> str:
    """The page of one figure: what it says and where it comes from, to be checked or corrected."""
    figure = figure_of(activity)
    return render_template(
        "activities/figure.html",
        activity=activity,
        figure=figure,
        shown=shown,
        doubts=_doubts(figure),
        checks=policy.may_check(actor(), figure),
        corrects=policy.may_correct(actor(), figure),
        former=[one for one in reversed(activity.figures) if _is_former(one, figure)],
    )


def figure_of(activity: Activity) -> ActivityFigure:
    """The figure that the address names. Raises NotFound."""
    wanted = (request.view_args or {}).get("figure_id")
    for figure in activity.figures:
        if figure.public_id == wanted:
            return figure
    raise NotFound


def _is_former(one: ActivityFigure, figure: ActivityFigure) -> bool:
    return one is not figure and one.place == figure.place and one.superseded_at is not None


def _doubts(figure: ActivityFigure) -> Sequence[Message]:
    """What is doubtful about the text as it was reported."""
    if not figure.needs_check:
        return ()
    try:
        return read(figure.code, figure.as_reported, figure.activity.kind).doubts
    except BadFigure:
        return ()


def _enterable(activity: Activity) -> list[FigureCode]:
    """What has no figure yet: no plan before the day, nothing that came after it."""
    if not decide(actor(), Action.ACTIVITY_REPORT, activity):
        return []
    planned = activity.state is ActivityState.PLANNED
    there = {one.code for one in activity.current_figures if one.is_planned is planned} - {FigureCode.OTHER}
    return [code for code in FigureCode if code not in there]


def _beside(activity: Activity, actual: dict[FigureCode, ActivityFigure]) -> list[Beside]:
    sums = sums_of_parts(activity, actor())
    if not sums:
        return []
    return [Beside(code, actual.get(code), sums.get(code, ())) for code in FigureCode if code in actual or code in sums]


def _holder(activity: Activity) -> list[tuple[str, object]]:
    """Where the activity belongs, for the trail, if the reader sees that."""
    if activity.parent is None or activity.parent_id not in titles_of_holders([activity.parent_id or 0], actor()):
        return []
    address = url_for("activities.show", public_id=activity.parent.public_id)
    return [(address, in_words(activity.parent.title_zh, activity.parent.title_en))]


def _event(activity: Activity) -> Markup | str:
    """The signing event as a link, if the reader sees it."""
    event = activity.signing_event
    if event is None or not sees_event(event, actor()):
        return ""
    name = in_words(event.title_zh, event.title_en)
    return Markup('<a href="{}">{}</a>').format(url_for("events.show", public_id=event.public_id), name)


def _typed(activity: Activity, name: str) -> str:
    return legal_date(getattr(activity, name), activity.held_precision).replace("—", "")


def _outcomes(activity: Activity) -> list[Outcome]:
    """Linked records that the reader sees: one query for each kind."""
    by_kind: dict[str, list[ActivityOutcome]] = {}
    for row in activity.outcomes:
        by_kind.setdefault(row.subject_kind, []).append(row)
    found: list[Outcome] = []
    for code, rows in by_kind.items():
        titles: Any = kinds.titles_of(code, [row.subject_public_id for row in rows], actor())
        found += [_outcome(row, titles[row.subject_public_id]) for row in rows if row.subject_public_id in titles]
    return found


def _outcome(row: ActivityOutcome, titles: tuple[str, str]) -> Outcome:
    kind = kinds.kind_of(row.subject_kind)
    return Outcome(row, kind.label, in_words(*titles), url_for(kind.endpoint, public_id=row.subject_public_id))
