"""Metrics of visits: how many, employers seen, first contacts, agreements followed up. 走访类指标."""

from collections.abc import Mapping
from datetime import date

from ...core.dates import add_months
from ...core.figures.kinds import Unit
from ...core.i18n import msg
from ...visits.queries.due import MONTHS
from ..cut import Cut, day_key
from ..facts import agreements, follow_ups
from ..facts import visits as facts
from .asking import flow, months, places
from .base import ALWAYS, Ask, Behind, Metric, Sum, counted, share_of
from .codes import MetricCode

LIST = "visits.index"
SIGHT = msg("Visits held that the reader's organisation sees")
EXPANSION = {"kind": "enterprise_expansion", "state": "held"}


def _behind(cut: Cut, _day: date, **more: str) -> Behind:
    return Behind(LIST, {**more} | months(cut) | places(cut, "party"))


def _followed_up(_cut: Cut, day: date) -> Mapping[str, Ask]:
    """Visited after the same day a year ago."""
    year_ago = day_key(add_months(day, -MONTHS))
    return {"visited": Sum(follow_ups.VISITED, year_ago + 1, ALWAYS), "held": Sum(agreements.IN_FORCE)}


def _agreements(cut: Cut, _day: date) -> Behind:
    found = places(cut)
    if "region" in found:
        found["locality"] = found.pop("region")
    return Behind("agreements.index", {"status": "in_force", "mark": "visited"} | found)


METRICS: tuple[Metric, ...] = (
    Metric(
        MetricCode.VISITS_HELD,
        msg("Visits held"),
        msg("Follow-up visits, visits to expand posts, field docking and reciprocal visits that took place"),
        msg("Number of visits by the day on which they were held"),
        SIGHT,
        asks=lambda cut, _day: {"held": flow(facts.HELD, cut)},
        works_out=counted("held", Unit.TIMES),
        behind=lambda cut, day: _behind(cut, day, state="held"),
        unit=Unit.TIMES,
    ),
    Metric(
        MetricCode.EMPLOYERS_VISITED,
        msg("Employers visited"),
        msg("Employers seen on visits to expand posts: each counts once a calendar year for whoever visited it"),
        msg("Number of first visits of a calendar year by the same organisation to the same employer"),
        SIGHT,
        asks=lambda cut, _day: {"employers": flow(facts.EMPLOYERS, cut)},
        works_out=counted("employers", Unit.ENTERPRISES),
        behind=lambda cut, day: _behind(cut, day, once="year"),
        unit=Unit.ENTERPRISES,
    ),
    Metric(
        MetricCode.FIRST_VISIT_SHARE,
        msg("First contacts"),
        msg("Of the visits to expand posts of which it is known, the share to employers not visited before"),
        msg("First contacts ÷ visits to expand posts of which it is known whether they were the first contact"),
        SIGHT,
        asks=lambda cut, _day: {"first": flow(facts.FIRST, cut), "told": flow(facts.TOLD, cut)},
        works_out=share_of("first", "told"),
        behind=lambda cut, day: _behind(cut, day, **EXPANSION, first="yes"),
        unit=Unit.PERCENT,
        numerator=msg("Visits that were the first contact"),
        denominator=msg("Visits to expand posts of which it is known"),
        is_share=True,
    ),
    Metric(
        MetricCode.FOLLOW_UP_RATE,
        msg("Follow-up rate"),
        msg("Of the agreements in force, the share about which a visit was held within the last 12 months"),
        msg("Agreements in force visited within 12 months ÷ agreements in force, as of now"),
        msg("Agreements that the reader's organisation sees; a visit counts whoever sees it"),
        asks=_followed_up,
        works_out=share_of("visited", "held"),
        behind=_agreements,
        unit=Unit.PERCENT,
        numerator=msg("Agreements in force visited within 12 months"),
        denominator=msg("Agreements in force"),
        is_share=True,
        is_present=True,
    ),
)
