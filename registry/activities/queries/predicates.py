"""What an activity counts for: locality, university, programme, month; lists and figures mean the same. 统计口径。

An activity counts for the localities where it takes place or whose organisations brought it about, and for the
universities that host or organise it; whoever only took part gains no figure by it.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import aliased

from ...core.dates import Precision
from ...organisations.models import Organisation
from ...organisations.queries.localities import places_of, stands_for
from ...records.months import Months
from ..enums import ActivityState, Part
from ..figure_codes import FigureCode
from ..models import Activity, ActivityFigure, ActivityParty, ActivityVisibility
from ..pairs import Pair

BETWEEN = "、"  # 百校千企、百万学子留辽来辽
EXACT_ENOUGH = (Precision.DAY, Precision.MONTH)


def in_locality(code: str, of: Any = Activity) -> ColumnElement[bool]:
    """It takes place there, or an organisation that stands for the locality brought it about."""
    return or_(of.region_code.in_(places_of(code)), brought_about_by(stands_for(code), of))


def of_university(public_id: str, of: Any = Activity) -> ColumnElement[bool]:
    """It hosts or organises it."""
    return brought_about_by(Organisation.public_id == public_id, of)


def brought_about_by(condition: ColumnElement[bool], of: Any = Activity) -> ColumnElement[bool]:
    """Such an organisation is host, organiser or co-organiser."""
    rows = (
        select(ActivityParty.id)
        .join(Organisation, Organisation.id == ActivityParty.organisation_id)
        .where(ActivityParty.activity_id == of.id, ActivityParty.part != Part.PARTICIPANT, condition)
    )
    return rows.correlate(of).exists()


def of_programme(name: str, of: Any = Activity) -> ColumnElement[bool]:
    """One of its programmes has this very name."""
    listed: ColumnElement[str] = literal(BETWEEN) + of.programme + BETWEEN
    return listed.contains(f"{BETWEEN}{name}{BETWEEN}", autoescape=True)


def programmes_of(text: str) -> list[str]:
    """The names that a programme field lists, each once."""
    return [one for one in dict.fromkeys(text.split(BETWEEN)) if one]


def in_months(months: Months) -> ColumnElement[bool]:
    """It began in one of them; of what is known by the year only, or not at all, no month is known.

    A day that is known is the one in whose order the list is read, so that a period of long ago is found by the index.
    """
    began = list(months.within(ActivityVisibility.sort_on))
    if months.first:
        return and_(Activity.held_precision.in_(EXACT_ENOUGH), *began)
    return or_(Activity.held_on.is_(None), *began)


def tells_both(pair: Pair, of: Any = Activity) -> ColumnElement[bool]:
    """It tells both numbers of a pair, in one unit where that is needed."""
    part, whole = aliased(ActivityFigure), aliased(ActivityFigure)
    rows = (
        select(part.id)
        .join(whole, whole.activity_id == part.activity_id)
        .where(part.activity_id == of.id, *_stands(part, pair.part), *_stands(whole, pair.whole))
    )
    if pair.needs_one_unit:
        rows = rows.where(part.unit.is_not_distinct_from(whole.unit))
    return rows.correlate(of).exists()


def _stands(figure: Any, code: FigureCode) -> tuple[ColumnElement[bool], ...]:
    current = (figure.superseded_at.is_(None), figure.is_planned.is_(False))
    return (figure.code == code, figure.value.is_not(None), *current)


def counted_with_another(
    locality: str, university: str, programme: str, pair: Pair | None = None
) -> ColumnElement[bool]:
    """It is part of something held that the reader sees and that counts for the same, and tells the pair itself.

    Of a statement that reads the rows of ActivityVisibility of one reader.
    """
    holder, seen = aliased(Activity), aliased(ActivityVisibility)
    rows = (
        select(holder.id)
        .join(seen, seen.record_id == holder.id)
        .where(
            holder.id == Activity.parent_id,
            holder.state == ActivityState.HELD,
            seen.organisation_id == ActivityVisibility.organisation_id,
            *belonging(locality, university, programme, holder),
            *([tells_both(pair, holder)] if pair else []),
        )
    )
    return rows.correlate(Activity, ActivityVisibility).exists()


def belonging(locality: str, university: str, programme: str, of: Any = Activity) -> Iterator[ColumnElement[bool]]:
    """What it counts for, as far as that is asked."""
    if locality:
        yield in_locality(locality, of)
    if university:
        yield of_university(university, of)
    if programme:
        yield of_programme(programme, of)
