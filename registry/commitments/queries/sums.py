"""What rates are made of: the sums of an organisation's periods, read as they are kept. 兑现率汇总."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select, union_all

from ...core.dates import add_months
from ...core.db import db
from ..enums import UNCOUNTED, Part
from ..models import MILLION, CommitmentTotal, PeriodStanding
from ..rates import Tally

S = PeriodStanding
ONE_DAY = timedelta(days=1)


def tally_of(organisation_id: int, part: Part, first: date, last: date) -> Tally:
    """Periods that rates count in these days, with the sums of their shares."""
    return tallies_of([organisation_id], first, last).get((organisation_id, part), Tally())


def tallies_of(organisation_ids: Sequence[int], first: date, last: date) -> dict[tuple[int, Part], Tally]:
    """The same of several organisations in either part, in one statement; nothing where no period counts.

    Whole months are read as kept, the days of months that are cut from the index.
    """
    begins, ends = _month_from(first), _month_from(last + ONE_DAY, -1)
    parts = []
    if begins < ends:
        parts.append(_kept(organisation_ids, begins, ends))
    if first < min(begins, last + ONE_DAY) or begins >= ends:
        parts.append(_counted(organisation_ids, first, last if begins >= ends else begins - ONE_DAY))
    if begins < ends <= last:
        parts.append(_counted(organisation_ids, ends, last))
    found: dict[tuple[int, Part], Tally] = {}
    for organisation_id, part, *sums in db.session.execute(union_all(*parts)):
        key = (organisation_id, Part(part))
        found[key] = found.get(key, Tally()) + _tally(*sums)
    return found


def _month_from(day: date, direction: int = 1) -> date:
    """The first day of a month that is this one; else of the next month, or of its own with -1."""
    if day.day == 1 or direction < 0:
        return day.replace(day=1)
    return add_months(day.replace(day=1), 1)


def _kept(organisation_ids: Sequence[int], begins: date, ends: date) -> Select[*tuple[Any, ...]]:
    total = CommitmentTotal
    sums = (func.sum(total.periods), func.sum(total.verified), func.sum(total.reported))
    of_these = (total.organisation_id.in_(organisation_ids), total.month >= begins, total.month < ends)
    return select(total.organisation_id, total.part, *sums).where(*of_these).group_by(total.organisation_id, total.part)


def _counted(organisation_ids: Sequence[int], first: date, last: date) -> Select[*tuple[Any, ...]]:
    sums = (func.count(), func.sum(S.verified), func.sum(S.reported))
    # Both parts are named so that the index by day is used, rather than one by which all periods would be read.
    whose = (S.organisation_id.in_(organisation_ids), S.part.in_(tuple(Part)))
    of_these = (*whose, S.state.not_in(UNCOUNTED), S.counts_on.between(first, last))
    return select(S.organisation_id, S.part, *sums).where(*of_these).group_by(S.organisation_id, S.part)


def _tally(periods: int | None, verified: Any, reported: Any) -> Tally:
    return Tally(int(periods or 0), Decimal(int(verified or 0)) / MILLION, Decimal(int(reported or 0)) / MILLION)
