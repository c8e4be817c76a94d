"""Metrics of workstations and docking mechanisms: what runs, and what shows a sign of life. 工作站与对接机制指标."""

from collections.abc import Mapping
from datetime import date, timedelta

from ...core.figures.kinds import Unit
from ...core.i18n import msg
from ...mechanisms.enums import RUNNING as MEETING
from ...workstations.enums import RUNNING, STANDING
from ...workstations.marks import SILENT_DAYS
from ..cut import Cut, day_key
from ..facts import mechanisms, workstations
from .asking import places
from .base import ALWAYS, Ask, Behind, Metric, Sum, counted, share_of
from .codes import MetricCode

STATIONS = msg("Workstations that the reader's organisation sees")
STANDS = Sum(workstations.STATE, parts=frozenset(str(one) for one in STANDING))
RUNS = Sum(workstations.STATE, parts=frozenset(str(one) for one in RUNNING))
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
