"""Figures of an activity: entering, correcting, striking out, checking. 活动数字办理."""

from collections.abc import Iterable

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Invalid
from ...core.figures.checks import check_parts, refusals
from ...core.figures.reading import BadFigure, ReadFigure
from ...core.figures.showing import DASH, figure_text
from ...core.i18n import Message, msg
from ...records.services import Changes, require_reason, settle
from .. import policy
from ..enums import ActivityState
from ..figure_codes import LABELS, FigureCode
from ..inputs import FigureLine
from ..models import Activity, ActivityFigure
from ..reading import as_planned, read, read_line


def report(activity: Activity, lines: Iterable[FigureLine], actor: User) -> None:
    """Enter further figures. Before the activity is held they are plans.

    Raises Forbidden, Conflict when it was cancelled, Invalid by `figure-<code>` for what cannot be.
    """
    decide(actor, Action.ACTIVITY_REPORT, activity).enforce()
    changes = put(activity, lines, actor)
    if not changes:
        raise Invalid({"": [msg("Enter at least one figure")]})
    settle(activity, actor, Action.ACTIVITY_REPORT, changes)


def put(activity: Activity, lines: Iterable[FigureLine], actor: User) -> Changes:
    """Take figures in, none of a kind that there is already; what belongs to them is checked together. See `report`."""
    changes: Changes = {}
    for line in lines:
        figure = _made(activity, line, _read(line, activity, field_of(line.code)), actor)
        if _standing(activity, figure):
            text = msg("%(figure)s is there already: correct it instead", figure=line.code.label)
            raise Invalid({field_of(line.code): [text]})
        activity.figures.append(figure)
        changes[change_of(figure)] = (None, figure_text(figure, "zh"))
    _check_together(activity)
    return changes


def correct(figure: ActivityFigure, line: FigureLine, reason: str, actor: User) -> ActivityFigure | None:
    """Put another figure in its place, or with an empty text none at all; the old one stays in the history.

    Raises Forbidden, Conflict when it was corrected before, Invalid without a reason or for what cannot be.
    """
    policy.may_correct(actor, figure).enforce()
    require_reason(reason)
    activity, before = figure.activity, figure_text(figure, "zh")
    better = None
    if line.text or line.read:
        better = _made(activity, line, _read(line, activity, "text", planned=figure.is_planned), actor)
    figure.supersede(reason, actor.id, now())
    db.session.flush()  # the old one gives its place away before the new one takes it
    if better is not None:
        if _standing(activity, better):
            raise Invalid({"text": [msg("%(figure)s is there already: correct it instead", figure=line.code.label)]})
        better.replaces_id = figure.id
        activity.figures.append(better)
    _check_together(activity, "text")
    after = figure_text(better, "zh") if better else DASH
    settle(activity, actor, Action.ACTIVITY_CORRECT, {change_of(figure): (before, after)}, reason)
    return better


def check(figure: ActivityFigure, reading: str, actor: User) -> None:
    """Say that a figure agrees with its source; for a doubtful one `reading` says what it means.

    Raises Forbidden for who entered it, Conflict when it was checked or corrected before, Invalid when it still says
    no number or the number cannot be.
    """
    policy.may_check(actor, figure).enforce()
    activity, before = figure.activity, figure_text(figure, "zh")
    if reading:
        _settle_doubt(figure, reading)
    if figure.value is None:
        raise Invalid({"reading": [msg("Say which number is meant")]})
    figure.check(actor.id, today())
    _check_together(activity, "reading")
    changes = {change_of(figure): (before, figure_text(figure, "zh")), "checked_by": (None, actor.name)}
    settle(activity, actor, Action.ACTIVITY_CHECK, changes)


def check_all(activity: Activity, actor: User) -> None:
    """Say of every figure that is not in doubt and that the actor may check that it agrees with its source.

    Raises Forbidden, Conflict when it was cancelled, Invalid when there is none.
    """
    decide(actor, Action.ACTIVITY_CHECK, activity).enforce()
    found = [one for one in activity.current_figures if not one.needs_check and policy.may_check(actor, one)]
    if not found:
        raise Invalid({"": [msg("There is no figure here that you could check")]})
    for figure in found:
        figure.check(actor.id, today())
    names = "、".join(figure_text(one, "zh") for one in found)
    settle(activity, actor, Action.ACTIVITY_CHECK, {"checked": (None, names), "checked_by": (None, actor.name)})


def field_of(code: object) -> str:
    """The field of a form that holds a figure."""
    return f"figure-{code}"


def change_of(figure: ActivityFigure) -> str:
    """A figure's name in the audit."""
    return f"figure_{figure.code}"


def _read(line: FigureLine, activity: Activity, field: str, *, planned: bool = False) -> ReadFigure:
    try:
        found = read_line(line, activity.kind)
    except BadFigure as bad:
        raise Invalid({field: [bad.message]}) from bad
    return as_planned(found) if planned or activity.state is ActivityState.PLANNED else found


def _made(activity: Activity, line: FigureLine, found: ReadFigure, actor: User) -> ActivityFigure:
    if line.code is FigureCode.OTHER and not line.label_zh.strip():
        raise Invalid({"label_zh": [msg("Say what is counted")]})
    figure = ActivityFigure(code=line.code, label_zh=line.label_zh, label_en=line.label_en, entered_by_id=actor.id)
    figure.take(found, source=line.source, note=line.note)
    figure.is_planned = found.qualifier == "planned"
    return figure


def _standing(activity: Activity, figure: ActivityFigure) -> bool:
    """Whether there is a figure of the same code, planned or actual alike, that counts."""
    return any(one.place == figure.place for one in activity.current_figures)


def _settle_doubt(figure: ActivityFigure, reading: str) -> None:
    """What a doubtful figure means; a sure one is corrected, with a reason, and not read anew."""
    if not figure.needs_check:
        raise Invalid({"reading": [msg("This figure is not in doubt: correct it instead")]})
    try:
        found = read(figure.code, reading, figure.activity.kind)
    except BadFigure as bad:
        raise Invalid({"reading": [bad.message]}) from bad
    if found.needs_check:
        raise Invalid({"reading": list(found.doubts)})
    figure.settle(as_planned(found) if figure.is_planned else found)


def _check_together(activity: Activity, field: str = "") -> None:
    """Refuse figures that contradict each other, with both numbers; plans and what came are judged apart."""
    refused: dict[str, list[Message | str]] = {}
    for planned in (False, True):
        known = {str(one.code): one for one in activity.current_figures if one.is_planned is planned}
        for code, messages in refusals(check_parts(known, LABELS)).items():
            refused.setdefault(field or field_of(code), []).extend(messages)
    if refused:
        raise Invalid(refused)
