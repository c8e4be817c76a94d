"""What activities add up to, with none counted twice. 活动合计.

A series is worth its own figure where it has one, else the sum of its parts'. Whatever is counted with its series is
not counted once more by itself. Plans, cancelled activities and corrected figures never count; 家 and 家次, 人 and 人次
stay apart; so do universities, cities and the like, which are the same ones again and again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from ...core.access.decision import Actor
from ...core.db import db
from ...core.figures.kinds import Number, Qualifier, Unit, neat
from ...core.figures.totals import Total, total
from ...records import kept
from ..enums import RECRUITING, ActivityState
from ..figure_codes import NOT_ADDED, FigureCode
from ..models import Activity, ActivityFigure, ActivityVisibility
from .listing import Filter, conditions

KEPT = "activities.totals"  # asks for the groups of a filter, from sums
Own = aliased(ActivityFigure, name="own_figure")


@dataclass(frozen=True)
class Sum:
    """A sum of one unit. `doubtful` of its figures are still to be confirmed (待核)."""

    value: Number | None
    unit: Unit | None
    qualifier: Qualifier
    count: int
    missing: int
    doubtful: int

    @property
    def needs_check(self) -> bool:
        """Whether a doubtful figure is in it."""
        return self.doubtful > 0

    @property
    def repeats(self) -> bool:
        """Whether the same employer or person may be in it more than once: 家 and 人 of several activities."""
        return self.count - self.missing > 1 and self.unit in (Unit.ENTERPRISES, Unit.PEOPLE)


@dataclass(frozen=True)
class Group:
    """Figures of one unit and qualifier, added up by the database."""

    value: Number | None
    unit: Unit | None
    qualifier: Qualifier
    known: int
    missing: int
    doubtful: int


Groups = Select[*tuple[Any, ...]]
Sums = dict[FigureCode, list[Sum]]


def totals_of(actor: Actor, wanted: Filter) -> Sums:
    """The totals of a list: from sums where they are kept, else added up from the activities."""
    groups: Mapping[FigureCode, list[Group]] | None = kept.ask(KEPT, actor, wanted)
    if groups is None:
        return totals(actor, conditions(wanted))
    return {code: sums_by_unit(some) for code, some in groups.items()}


def totals(actor: Actor, narrowing: Iterable[ColumnElement[bool]]) -> Sums:
    """By code, a sum for each unit, over the activities that the actor sees and that meet the conditions.

    A series that meets them stands for its parts, whether these meet them or not; without figures of its own, by the
    sum of theirs. The conditions are those of the list (`listing.conditions`), so that both tell of the same
    activities. Activities held (场次) count each fair once that no figure speaks for.
    """
    matched = _matched(actor, narrowing)
    found = _grouped(_counted(actor, matched))
    _add_fairs(found, _fairs(actor, matched))
    return {code: sums_by_unit(groups) for code, groups in found.items()}


def sums_of_parts(activity: Activity, actor: Actor) -> Sums:
    """What the parts of one activity add up to, as far as the reader sees them: to stand beside its own figures."""
    seen = _seen_ids(actor)
    held = select(Activity.id).where(
        Activity.parent_id == activity.id, Activity.state == ActivityState.HELD, Activity.id.in_(seen)
    )
    found = _grouped(_groups().where(ActivityFigure.activity_id.in_(held), *_counts(ActivityFigure)))
    return {code: sums_by_unit(groups) for code, groups in found.items()}


def _matched(actor: Actor, narrowing: Iterable[ColumnElement[bool]]) -> Subquery:
    seen = ActivityVisibility
    statement = select(Activity.id).join(seen, seen.record_id == Activity.id)
    wanted = (seen.organisation_id == actor.organisation_id, Activity.state == ActivityState.HELD)
    return statement.where(*wanted, *narrowing).subquery("matched")


def _counted(actor: Actor, matched: Subquery) -> Groups:
    """Each activity in its own right, unless its series is among them; parts of a series without such a figure."""
    inside = select(matched.c.id)
    own = select(Own.id).where(
        Own.activity_id == Activity.parent_id, Own.code == ActivityFigure.code, Own.value.is_not(None), *_counts(Own)
    )
    alone = and_(Activity.id.in_(inside), or_(Activity.parent_id.is_(None), Activity.parent_id.not_in(inside)))
    for_series = and_(
        Activity.parent_id.in_(inside),
        Activity.id.in_(_seen_ids(actor)),
        ~own.correlate(Activity, ActivityFigure).exists(),
    )
    statement = _groups().join(Activity, Activity.id == ActivityFigure.activity_id)
    return statement.where(Activity.state == ActivityState.HELD, or_(alone, for_series), *_counts(ActivityFigure))


def _fairs(actor: Actor, matched: Subquery) -> Select[int]:
    """Fairs for which no figure of 场次 speaks: neither their own nor that of their series among the matched ones."""
    inside = select(matched.c.id)
    spoken = select(Own.id).where(
        or_(
            Own.activity_id == Activity.id, and_(Own.activity_id == Activity.parent_id, Activity.parent_id.in_(inside))
        ),
        Own.code == FigureCode.ACTIVITIES,
        Own.value.is_not(None),
        *_counts(Own),
    )
    return select(func.count(Activity.id)).where(
        Activity.state == ActivityState.HELD,
        Activity.kind.in_(RECRUITING),
        Activity.id.in_(_seen_ids(actor)),
        or_(Activity.id.in_(inside), Activity.parent_id.in_(inside)),
        ~spoken.correlate(Activity).exists(),
    )


def _seen_ids(actor: Actor) -> Select[int]:
    return select(ActivityVisibility.record_id).where(ActivityVisibility.organisation_id == actor.organisation_id)


def _counts(figure: type[ActivityFigure]) -> tuple[ColumnElement[bool], ...]:
    return figure.superseded_at.is_(None), figure.is_planned.is_(False), figure.code.not_in(NOT_ADDED)


def _groups() -> Groups:
    figure = ActivityFigure
    return select(
        figure.code,
        figure.unit,
        figure.qualifier,
        func.sum(figure.value),
        func.count(figure.value),
        func.sum(case((figure.value.is_(None), 1), else_=literal(0))),
        func.sum(case((figure.needs_check, 1), else_=literal(0))),
    ).group_by(figure.code, figure.unit, figure.qualifier)


def _grouped(
    statement: Groups,
) -> dict[FigureCode, list[Group]]:
    found: dict[FigureCode, list[Group]] = {}
    for code, unit, qualifier, value, *counts in db.session.execute(statement):
        found.setdefault(code, []).append(Group(None if value is None else neat(value), unit, qualifier, *counts))
    order = list(FigureCode)
    return {code: found[code] for code in sorted(found, key=order.index)}


def _add_fairs(found: dict[FigureCode, list[Group]], statement: Select[int]) -> None:
    number = db.session.scalar(statement) or 0
    if number:
        group = Group(number, Unit.EVENTS, Qualifier.EXACT, number, 0, 0)
        found.setdefault(FigureCode.ACTIVITIES, []).append(group)


def sums_by_unit(groups: Sequence[Group]) -> list[Sum]:
    """One for each unit: never 家 with 家次, nor 人 with 人次."""
    units = dict.fromkeys(group.unit for group in groups)
    return [_sum([group for group in groups if group.unit == unit]) for unit in units]


def _sum(groups: list[Group]) -> Sum:
    """The core's rules say how it is meant; they are asked with as many figures as tell one from several."""
    asked = [figure for group in groups for figure in _standing_for(group)]
    whole = total(asked)
    count, missing = sum(one.known + one.missing for one in groups), sum(one.missing for one in groups)
    return Sum(whole.value, whole.unit, whole.qualifier, count, missing, sum(one.doubtful for one in groups))


def _standing_for(group: Group) -> list[Total]:
    empty = Total(None, group.unit, group.qualifier)
    found = [replace(empty, value=group.value)] if group.known else []
    found += [replace(empty, value=0)] if group.known > 1 else []
    return found + ([empty] if group.missing else [])
