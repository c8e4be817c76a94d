"""Metrics of promises: due, closed out, overdue, how far they are kept (dossier, section 8). 承诺类指标."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from ...commitments.enums import Bucket
from ...core.figures.kinds import Unit
from ...core.i18n import Message, msg
from ...tasks.enums import Light
from ..cut import Cut, day_key
from ..facts import promises as facts
from .agreements import month_text
from .base import FIRST, Answers, Ask, Behind, Figure, Metric, Sum, counted, share
from .codes import MetricCode

LIST = "commitments.seen_by_us"
SIGHT = msg("Promises that the reader's organisation sees; each period counts once, whoever takes part in it")
MILLION = 1_000_000
IN_HAND = frozenset({str(Bucket.OPEN)})
ONE_DAY = timedelta(days=1)


def _days(metric: str, cut: Cut, last: date, parts: frozenset[str] | None = None) -> Sum:
    """What belongs to days of the cut up to one."""
    return Sum(metric, day_key(cut.first_day), day_key(min(cut.last_day, last)), parts)


def _due(cut: Cut, day: date) -> dict[str, Ask]:
    return {"closed": Sum(facts.CLOSED, cut.first, cut.last), "open": _days(facts.OPEN, cut, day)}


def _behind(**filters: str) -> Callable[[Cut, date], Behind]:
    def behind(cut: Cut, _day: date) -> Behind:
        values: dict[str, str | int] = {"from": month_text(cut.first), "to": month_text(cut.last), **filters}
        return Behind(LIST, values | _places(cut))

    return behind


def _standing(**filters: str) -> Callable[[Cut, date], Behind]:
    return lambda cut, _day: Behind(LIST, {**filters, **_places(cut)})


def _places(cut: Cut) -> dict[str, str | int]:
    given: dict[str, str | int] = {"locality": cut.locality, "university": cut.university_id}
    return {name: value for name, value in given.items() if value}


def _number_due(found: Answers) -> Figure:
    return Figure((found["closed"] + found["open"]).value, Unit.MATTERS)


DUE = msg("Periods of promises that fell due within the period, or were closed out before; waived ones do not count")
DUE_NUMBER = msg("periods due")


def _rate(code: MetricCode, words: tuple[Message, Message, Message], verified: str, open_verified: str) -> Metric:
    label, definition, numerator = words

    def asks(cut: Cut, day: date) -> Mapping[str, Ask]:
        return {
            **_due(cut, day),
            "kept": Sum(verified, cut.first, cut.last),
            "kept_open": _days(open_verified, cut, day),
        }

    def work_out(found: Answers) -> Figure:
        kept = Decimal((found["kept"] + found["kept_open"]).value) / MILLION
        return share(kept, (found["closed"] + found["open"]).value)

    return Metric(
        code,
        label,
        definition,
        msg("Σ min(done ÷ target, 1) ÷ number of periods due"),
        SIGHT,
        asks=asks,
        works_out=work_out,
        behind=_behind(show="due"),
        unit=Unit.PERCENT,
        numerator=numerator,
        denominator=DUE_NUMBER,
        is_share=True,
        listed="denominator",
    )


def _overdue(cut: Cut, day: date) -> Mapping[str, Ask]:
    return {**_due(cut, day), "late": _days(facts.OPEN, cut, day - ONE_DAY, IN_HAND)}


def _light(code: MetricCode, label: Message, definition: Message, light: Light) -> Metric:
    def asks(_cut: Cut, day: date) -> Mapping[str, Ask]:
        return {"red": Sum(facts.RED, FIRST, day_key(day)), "both": Sum(facts.YELLOW, FIRST, day_key(day))}

    def work_out(found: Answers) -> Figure:
        red, both = found["red"].value, found["both"].value
        return Figure(red if light is Light.RED else both - red, Unit.MATTERS)

    return Metric(
        code,
        label,
        definition,
        msg("Number of open periods whose light has this colour today"),
        SIGHT,
        asks=asks,
        works_out=work_out,
        behind=_standing(light=str(light)),
        unit=Unit.MATTERS,
        is_present=True,
        better="less",
    )


METRICS: tuple[Metric, ...] = (
    Metric(
        MetricCode.PROMISES_DUE,
        msg("Promises due"),
        DUE,
        msg("Number of periods by the day on which they fall due, or on which they were closed out before"),
        SIGHT,
        asks=_due,
        works_out=_number_due,
        behind=_behind(show="due"),
        unit=Unit.MATTERS,
        better="",
    ),
    Metric(
        MetricCode.PROMISES_CLOSED,
        msg("Promises closed out"),
        msg("Of the periods due, those that the other side verified and closed out"),
        msg("Number of periods due that are met, partly met or not met"),
        SIGHT,
        asks=lambda cut, _day: {"closed": Sum(facts.CLOSED, cut.first, cut.last)},
        works_out=counted("closed", Unit.MATTERS),
        behind=_behind(show="closed"),
        unit=Unit.MATTERS,
    ),
    Metric(
        MetricCode.PROMISES_OVERDUE,
        msg("Promises overdue"),
        msg("Periods that are open though their last day is past, as of now"),
        msg("Number of open periods whose last day lies before today; those of suspended agreements rest"),
        SIGHT,
        asks=lambda _cut, day: {"late": Sum(facts.OPEN, FIRST, day_key(day - ONE_DAY), IN_HAND)},
        works_out=counted("late", Unit.MATTERS),
        behind=_standing(show="overdue"),
        unit=Unit.MATTERS,
        is_present=True,
        better="less",
    ),
    _rate(
        MetricCode.FULFILMENT,
        (
            msg("Fulfilment rate"),
            msg("How far the promises due were kept: only verified figures count, and none beyond its target"),
            msg("Σ of the verified shares of the targets, each at most 1"),
        ),
        facts.CLOSED_VERIFIED,
        facts.OPEN_VERIFIED,
    ),
    _rate(
        MetricCode.FULFILMENT_REPORTED,
        (
            msg("Fulfilment rate as reported"),
            msg("The same of what was reported, verified or not"),
            msg("Σ of the reported shares of the targets, each at most 1"),
        ),
        facts.CLOSED_REPORTED,
        facts.OPEN_REPORTED,
    ),
    Metric(
        MetricCode.CLOSE_OUT_RATE,
        msg("Close-out rate"),
        msg("Of the periods due, the share that was closed out"),
        msg("Periods closed out ÷ periods due"),
        SIGHT,
        asks=_due,
        works_out=lambda found: share(found["closed"].value, (found["closed"] + found["open"]).value),
        behind=_behind(show="closed"),
        unit=Unit.PERCENT,
        numerator=msg("periods closed out"),
        denominator=DUE_NUMBER,
        is_share=True,
        listed="numerator",
    ),
    Metric(
        MetricCode.OVERDUE_RATE,
        msg("Overdue rate"),
        msg("Of the periods due, the share that is open though its last day is past"),
        msg("Periods overdue ÷ periods due"),
        SIGHT,
        asks=_overdue,
        works_out=lambda found: share(found["late"].value, (found["closed"] + found["open"]).value),
        behind=_behind(show="overdue"),
        unit=Unit.PERCENT,
        numerator=msg("periods overdue"),
        denominator=DUE_NUMBER,
        is_share=True,
        listed="numerator",
        better="less",
    ),
    _light(
        MetricCode.LIGHTS_RED,
        msg("Red lights"),
        msg("Promises that are overdue, or less than 60 per cent of what is expected by now"),
        Light.RED,
    ),
    _light(
        MetricCode.LIGHTS_YELLOW,
        msg("Yellow lights"),
        msg("Promises with less than 90 per cent of what is expected by now, or no more than 5 working days left"),
        Light.YELLOW,
    ),
)
