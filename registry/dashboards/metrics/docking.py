"""Metrics of enterprise docking: cases, people hired, who came and who stayed. 企业对接指标."""

from collections.abc import Mapping
from datetime import date

from ...core.figures.kinds import Unit
from ...core.i18n import Message, msg
from ...docking.enums import Stage
from ...docking.queries.counting import Share
from ..cut import Cut
from ..facts import docking as facts
from .asking import flow, months, places
from .base import Answers, Ask, Behind, Figure, Metric, counted, share_of
from .codes import MetricCode

SIGHT = msg("Docking cases that the reader's organisation sees; what was lost later keeps what it had reached")


def _behind(cut: Cut, _day: date, **more: str) -> Behind:
    return Behind("docking.index", {**more} | months(cut) | places(cut))


def _hires(answers: Answers) -> Figure:
    found = answers["signed"]
    return Figure(found.value if found.number else None, Unit.PEOPLE, missing=found.missing)


def _rate(code: MetricCode, share: Share, words: tuple[Message, Message, Message, Message]) -> Metric:
    label, definition, numerator, denominator = words

    def asks(cut: Cut, _day: date) -> Mapping[str, Ask]:
        return {"part": flow(facts.PART, cut, str(share)), "whole": flow(facts.WHOLE, cut, str(share))}

    return Metric(
        code,
        label,
        definition,
        msg("%(numerator)s ÷ %(denominator)s", numerator=numerator, denominator=denominator),
        SIGHT,
        asks=asks,
        works_out=share_of("part", "whole"),
        behind=lambda cut, day: _behind(cut, day, share=str(share)),
        unit=Unit.PERCENT,
        numerator=numerator,
        denominator=denominator,
        is_share=True,
    )


METRICS: tuple[Metric, ...] = (
    Metric(
        MetricCode.DOCKING_CASES,
        msg("Docking cases registered"),
        msg("Enterprises and universities brought together, by the day on which the need was registered"),
        msg("Number of cases whose first stage lies in the period, lost ones included"),
        SIGHT,
        asks=lambda cut, _day: {"cases": flow(facts.REACHED, cut, str(Stage.REGISTERED))},
        works_out=counted("cases", Unit.ITEMS),
        behind=_behind,
        unit=Unit.ITEMS,
    ),
    Metric(
        MetricCode.HIRES,
        msg("People hired"),
        msg("People who signed a contract through docking cases, by the day on which the stage was reached"),
        msg("Sum of the people signed; only numbers are kept, never names"),
        SIGHT,
        asks=lambda cut, _day: {"signed": flow(facts.PEOPLE, cut, str(Stage.SIGNED))},
        works_out=_hires,
        behind=lambda cut, day: _behind(cut, day, reached=str(Stage.SIGNED)),
        unit=Unit.PEOPLE,
    ),
    _rate(
        MetricCode.ONBOARD_RATE,
        Share.ONBOARDED,
        (
            msg("On-boarding rate"),
            msg("Of the people signed in cases that came to on-boarding in the period, the share that came"),
            msg("People on-boarded"),
            msg("People signed in the same cases"),
        ),
    ),
    _rate(
        MetricCode.RETENTION_RATE,
        Share.RETAINED_12M,
        (
            msg("Retention rate"),
            msg("Of the people on-boarded in cases asked after 12 months in the period, the share still there"),
            msg("People still there after 12 months"),
            msg("People on-boarded in the same cases"),
        ),
    ),
)
