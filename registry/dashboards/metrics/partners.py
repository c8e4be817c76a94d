"""Metrics of workstations, docking mechanisms and bases: what runs, and what shows a sign of life. 合作平台指标."""

from collections.abc import Mapping
from datetime import date, timedelta

from ...bases.enums import BaseState
from ...core.figures.kinds import Unit
from ...core.i18n import msg
from ...mechanisms.enums import RUNNING as MEETING
from ...workstations.enums import RUNNING, STANDING
from ...workstations.marks import SILENT_DAYS
from ..cut import Cut, day_key
from ..facts import bases, mechanisms, workstations
from .asking import places
from .base import ALWAYS, Ask, Behind, Metric, Sum, counted, share_of
from .codes import MetricCode

STATIONS = msg("Workstations that the reader's organisation sees")
STANDS = Sum(workstations.STATE, parts=frozenset(str(one) for one in STANDING))
RUNS = Sum(workstations.STATE, parts=frozenset(str(one) for one in RUNNING))
KEPT_UP = Sum(bases.STATE, parts=frozenset({str(BaseState.ACTIVE)}))
MEETS = Sum(mechanisms.STAGE, parts=frozenset(str(one) for one in MEETING))


def _stations(cut: Cut, _day: date, **more: str) -> Behind:
    return Behind("workstations.index", {**more} | places(cut, "host"))


def _active(_cut: Cut, day: date) -> Mapping[str, Ask]:
    limit = day - timedelta(days=SILENT_DAYS)
    return {"active": Sum(workstations.ACTIVE, day_key(limit), ALWAYS), "running": RUNS}


STATIONS_METRICS: tuple[Metric, ...] = (
    Metric(
        MetricCode.STATIONS,
        msg("Workstations"),
        msg("Talent workstations set up at universities, those in preparation or suspended among them, as of now"),
        msg("Number of workstations; those that were withdrawn do not count"),
        STATIONS,
        asks=lambda _cut, _day: {"standing": STANDS},
        works_out=counted("standing", Unit.ITEMS),
        behind=lambda cut, day: _stations(cut, day, standing="1"),
        unit=Unit.ITEMS,
        is_present=True,
    ),
    Metric(
        MetricCode.STATIONS_ACTIVE,
        msg("Workstations active"),
        msg("Of the workstations running, the share with an activity or a visit within the last 90 days"),
        msg("Workstations with a sign of life within 90 days ÷ workstations running, as of now"),
        STATIONS,
        asks=_active,
        works_out=share_of("active", "running"),
        behind=lambda cut, day: _stations(cut, day, mark="active"),
        unit=Unit.PERCENT,
        numerator=msg("Workstations with a sign of life within 90 days"),
        denominator=msg("Workstations running"),
        is_share=True,
        is_present=True,
    ),
)
MECHANISMS_METRICS: tuple[Metric, ...] = (
    Metric(
        MetricCode.MECHANISMS,
        msg("Docking mechanisms running"),
        msg("Docking mechanisms that meet, with or without paper, as of now"),
        msg("Number of mechanisms; those that ended or became an agreement do not count"),
        msg("Docking mechanisms that the reader's organisation sees"),
        asks=lambda _cut, _day: {"running": MEETS},
        works_out=counted("running", Unit.ITEMS),
        behind=lambda cut, _day: Behind("mechanisms.index", {"running": "1"} | places(cut, "party")),
        unit=Unit.ITEMS,
        is_present=True,
    ),
)
BASES_METRICS: tuple[Metric, ...] = (
    Metric(
        MetricCode.BASES,
        msg("Traineeship and internship bases"),
        msg("Bases for traineeships and internships that are kept up, as of now; one that is past its last day counts"),
        msg("Number of bases; those that were given up do not count"),
        msg("Bases that the reader's organisation sees; a locality's are those of its bureau and of employers there"),
        asks=lambda _cut, _day: {"kept up": KEPT_UP},
        works_out=counted("kept up", Unit.ITEMS),
        behind=lambda cut, _day: Behind("bases.index", {"state": str(BaseState.ACTIVE)} | places(cut)),
        unit=Unit.ITEMS,
        is_present=True,
    ),
)
