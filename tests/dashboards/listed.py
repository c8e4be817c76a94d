"""What the list behind a number says, asked as its page asks: the filter of the address, and the list's own query."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from registry.accounts.models import User
from registry.activities.figure_codes import FigureCode
from registry.activities.pairs import Pair
from registry.activities.queries import listing as activities
from registry.activities.queries.totals import Sums, totals
from registry.activities.views import browse as activity_pages
from registry.agreements import queries as agreements
from registry.agreements.views import browse as agreement_pages
from registry.bases import queries as bases
from registry.bases.views import browse as base_pages
from registry.core.access.scope import set_viewer
from registry.core.dates import today
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.metrics.dictionary import METRICS
from registry.dashboards.views.behind import address
from registry.docking import queries as docking
from registry.docking.views import filters as docking_pages
from registry.mechanisms import queries as mechanisms
from registry.mechanisms.views import browse as mechanism_pages
from registry.visits.queries import listing as visits
from registry.visits.views import browse as visit_pages
from registry.workstations import queries as workstations
from registry.workstations.views import browse as workstation_pages

MOST = 1_000_000
CODES = {
    M.ACTIVITIES_HELD: (FigureCode.ACTIVITIES,),
    M.EMPLOYERS: (FigureCode.EMPLOYERS,),
    M.POSITIONS: (FigureCode.POSITIONS,),
    M.HEADCOUNT: (FigureCode.HEADCOUNT,),
    M.PARTICIPANTS: (FigureCode.PARTICIPANTS,),
    M.INTENTIONS: (FigureCode.INTENTIONS, FigureCode.COOPERATION_INTENTIONS),
}
PAIRS = {M.INTENTION_RATE: Pair.INTENDING, M.HIGH_PAID_SHARE: Pair.HIGH_PAID, M.APPLICANT_RATIO: Pair.APPLICANTS}
SUMS = {M.HIRES: ("signed",), M.ONBOARD_RATE: ("onboarded", "signed"), M.RETENTION_RATE: ("retained_12m", "onboarded")}


@dataclass
class Lists:
    """The lists of one application; what several numbers have behind them is read once."""

    app: Flask
    sums: dict[tuple[int, str], Any] = field(default_factory=dict)

    def address(self, code: M, cut: Cut) -> str:
        """Where the list is."""
        with self.app.test_request_context():
            return address(METRICS[code], cut) or ""

    def say(self, reader: User, code: M, cut: Cut) -> Any:
        """What the list says, in the shape of `shown`."""
        link = self.address(code, cut)
        with self.app.test_request_context(link):
            set_viewer(reader.organisation_id)
            try:
                if code in CODES or code in PAIRS:
                    return self._activities(reader, code, link)
                return _docking(reader, code) if code in SUMS else _count(reader, code)
            finally:
                set_viewer(None)

    def _activities(self, reader: User, code: M, link: str) -> Any:
        key = (reader.organisation_id, link)
        if key not in self.sums:
            self.sums[key] = totals(reader, activities.conditions(activity_pages.wanted_filter()))
        return _of_codes(self.sums[key], code) if code in CODES else _of_pair(self.sums[key], PAIRS[code])


def _of_codes(found: Sums, code: M) -> Any:
    sums = [one for figure in CODES[code] for one in found.get(figure, [])]
    return {(one.unit, one.value, one.qualifier, one.doubtful) for one in sums if one.value is not None}


def _of_pair(found: Sums, pair: Pair) -> Any:
    parts, wholes = found.get(pair.part, []), found.get(pair.whole, [])
    if not pair.needs_one_unit:
        return {(sum(one.value or 0 for one in parts), sum(one.value or 0 for one in wholes))} if wholes else set()
    by_unit = {one.unit: one.value for one in parts}
    return {(by_unit[one.unit], one.value) for one in wholes}


def _docking(reader: User, code: M) -> Any:
    outcome = docking.totals(reader, docking.conditions(docking_pages.wanted_filter()))
    return tuple(getattr(outcome, name) for name in SUMS[code])


def _count(reader: User, code: M) -> int:
    if code in (M.VISITS_HELD, M.EMPLOYERS_VISITED, M.FIRST_VISIT_SHARE):
        return visits.LISTING.count(reader, visits.conditions(visit_pages.wanted_filter(), reader), MOST)
    if code is M.FOLLOW_UP_RATE:
        return agreements.count_visible(reader, agreement_pages.filter_from_address(), MOST)
    if code in (M.STATIONS, M.STATIONS_ACTIVE):
        narrowing = workstations.conditions(workstation_pages.wanted_filter(), today())
        return workstations.LISTING.count(reader, narrowing, MOST)
    if code is M.MECHANISMS:
        return mechanisms.LISTING.count(reader, mechanisms.conditions(mechanism_pages.wanted_filter()), MOST)
    if code is M.BASES:
        return bases.LISTING.count(reader, bases.conditions(base_pages.wanted_filter()), MOST)
    return docking.LISTING.count(reader, docking.conditions(docking_pages.wanted_filter()), MOST)
