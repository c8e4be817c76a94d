"""Reads all that a month's briefing is made of: figures by the metrics, and the records that it names. 汇集数据."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ...core.access.decision import StandIn
from ...core.access.roles import Role
from ...core.db import db
from ...core.figures.kinds import Number
from ...organisations.models import Organisation, OrganisationKind, Region
from ..cut import Cut
from ..metrics.base import Figure
from ..metrics.codes import MetricCode
from ..metrics.dictionary import METRICS
from ..queries import figures as read
from ..queries import named
from . import wording
from .kept import Kept, KeptFigure, KeptLocality

PROVINCIAL = (OrganisationKind.HR_DEPARTMENT, OrganisationKind.EDUCATION_DEPARTMENT)
LOCAL_CODES = (
    MetricCode.AGREEMENTS_IN_FORCE, MetricCode.AGREEMENTS_SIGNED, MetricCode.PROMISES_DUE, MetricCode.PROMISES_CLOSED,
    MetricCode.FULFILMENT, MetricCode.LIGHTS_RED,
)  # fmt: skip
SERIES = (MetricCode.AGREEMENTS_SIGNED, MetricCode.AGREEMENTS_IN_FORCE)
PROVINCE_ZH = "全省"
MONTHS = 12


@dataclass(frozen=True)
class Reader:
    """The eyes of an organisation, where nobody of its people asks: the registry itself keeps its figures."""

    organisation_id: int
    id: int = 0
    name: str = ""
    roles: frozenset[Role] = frozenset()
    standing_in: Sequence[StandIn] = ()


def cut_of(month: int) -> Cut:
    """The whole month."""
    return Cut(month, month)


def gather(organisation: Organisation, month: int, as_of: date, *, is_late: bool) -> Kept:
    """A month of an organisation, as of a day. What is only known of the present is left out of a late one."""
    eyes, cut = Reader(organisation.id), cut_of(month)
    codes = [code for code in asked() if not (is_late and METRICS[code].is_present)]
    now, before, year_before = read.figures_of(eyes, [cut, cut.before(), cut.year_before()], codes)
    series = read.series_of(eyes, cut, SERIES, MONTHS)
    scope_zh, scope_en = scope(organisation)
    signed = named.signed(eyes, cut.first_day, cut.last_day)
    red = () if is_late else named.red_promises(eyes)
    ends = () if is_late else named.expiring(eyes)
    told = () if is_late else named.instructions(eyes)
    return Kept(
        organisation=organisation.public_id,
        name_zh=organisation.name_zh,
        name_en=organisation.name_en,
        scope_zh=scope_zh,
        scope_en=scope_en,
        month=month,
        as_of=as_of,
        figures=_kept(now),
        before=_flows(before),
        year_before=_flows(year_before),
        localities=_localities(organisation, cut, is_late=is_late),
        series={str(code): tuple((at, KeptFigure.of(one)) for at, one in points) for code, points in series.items()},
        signed=signed,
        activities=named.activities(eyes, cut.first_day, cut.last_day),
        expiring=ends,
        red=red,
        instructions=told,
        asked=tuple(map(str, codes)),
        totals={
            "signed": _whole(now.get(MetricCode.AGREEMENTS_SIGNED), len(signed)),
            "expiring": _whole(now.get(MetricCode.EXPIRING_90), len(ends)),
            "red": _whole(now.get(MetricCode.LIGHTS_RED), len(red)),
            "instructions": named.count_instructions(eyes) if told else 0,
        },
    )


def asked() -> list[MetricCode]:
    """The metrics that a briefing names, as far as this registry has them."""
    return [MetricCode(code) for code in wording.codes() if code in METRICS]


def scope(organisation: Organisation) -> tuple[str, str]:
    """What its briefing calls the whole: 全省 for a department of the province, else its city or zone."""
    region = db.session.get(Region, organisation.region_code) if organisation.region_code else None
    if region is None:
        return organisation.name_zh, organisation.name_en or organisation.name_zh
    return (PROVINCE_ZH if organisation.kind in PROVINCIAL else region.name_zh), region.name_en


def flows() -> list[MetricCode]:
    """Those that can be worked out of a past month at any time: what happened in it, what there was at its end."""
    return [code for code in asked() if not METRICS[code].is_present]


def _kept(found: Mapping[MetricCode, Figure]) -> dict[str, KeptFigure]:
    return {str(code): KeptFigure.of(one) for code, one in found.items() if one.value is not None}


def _flows(found: Mapping[MetricCode, Figure]) -> dict[str, KeptFigure]:
    """What happened in the period before; what there is at present tells nothing of it."""
    return _kept({code: one for code, one in found.items() if not METRICS[code].is_present})


def _whole(figure: Figure | None, listed: int) -> int:
    value: Number | None = figure.value if figure else None
    return max(int(value or 0), listed)


def _localities(organisation: Organisation, cut: Cut, *, is_late: bool) -> tuple[KeptLocality, ...]:
    """For a department of the province: its localities in their order."""
    if organisation.kind not in PROVINCIAL:
        return ()
    codes = [one for one in LOCAL_CODES if one in METRICS and not (is_late and METRICS[one].is_present)]
    found = read.by_locality(Reader(organisation.id), cut, codes)
    columns = (Region.code, Region.name_zh, Region.name_en)
    names = {code: (zh, en) for code, zh, en in db.session.execute(select(*columns).where(Region.code.in_(found)))}
    return tuple(KeptLocality(code, *names[code], _kept(figures)) for code, figures in found.items())
