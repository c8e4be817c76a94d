"""Metrics of activities: how many, employers, positions, people, and what is set against what. 活动类指标."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ...activities.figure_codes import FigureCode
from ...activities.pairs import Pair
from ...activities.queries.totals import Group, sums_by_unit
from ...activities.queries.totals import Sum as Total
from ...core.figures.kinds import Qualifier, Unit, neat
from ...core.i18n import Message, msg
from ..cut import Cut
from ..facts.series import ABOUT, amount, of_programme, sides
from .asking import BY_PROGRAMME, flow, months, places
from .base import Amount, Answers, Ask, Behind, Figure, Metric
from .codes import MetricCode

TOTALS = "activities.sums"
SIGHT = msg("Activities held that the reader's organisation sees; a month is that of the first day")
COUNTING = msg(
    "Sum over activities; a series counts by its own total, else by the sum of its parts, never both; plans, cancelled"
    " activities and corrected figures do not count"
)


def _amount(metric: str, cut: Cut) -> Ask:
    return flow(of_programme(metric, cut.programme) if cut.programme else metric, cut)


def _behind(cut: Cut, _day: date, **more: str) -> Behind:
    programme = {"programme": cut.programme} if cut.programme else {}
    return Behind(TOTALS, {"level": "counted", **more} | months(cut) | places(cut) | programme)


def totals_of(found: Amount) -> list[Total]:
    """A sum for each unit, as the list's totals have them."""
    return sums_by_unit([_group(part, one) for part, one in sorted(found.parts.items()) if one.number or one.missing])


def _group(part: str, one: Amount) -> Group:
    unit, qualifier = part.split("|")
    value = one.value if one.number else None
    return Group(value, Unit(unit) if unit else None, Qualifier(qualifier), one.number, one.missing, one.doubtful)


def figure_of(totals: Sequence[Total], units: Sequence[Unit]) -> Figure:
    """The sum in the first of these units that has a number; the others stand beside it and are never added."""
    known = [one for one in totals if one.value is not None]
    order = {unit: place for place, unit in enumerate(units)}
    known.sort(key=lambda one: order.get(one.unit, len(order)) if one.unit else len(order) + 1)
    figures = [Figure(one.value, one.unit, one.qualifier, doubtful=one.doubtful, missing=one.missing) for one in known]
    if not figures:
        return Figure(None, units[0], missing=sum(one.missing for one in totals))
    return replace(figures[0], beside=tuple(figures[1:]))


def _told(code: MetricCode, label: Message, definition: Message, units: Sequence[Unit], *figures: FigureCode) -> Metric:
    """A figure that sources tell; nothing told is no zero."""

    def works_out(answers: Answers) -> Figure:
        return figure_of([one for figure in figures for one in totals_of(answers[str(figure)])], units)

    return Metric(
        code,
        label,
        definition,
        COUNTING,
        SIGHT,
        asks=lambda cut, _day: {str(figure): _amount(amount(figure), cut) for figure in figures},
        works_out=works_out,
        behind=_behind,
        unit=units[0],
        cut_by=BY_PROGRAMME,
    )


def _held(answers: Answers) -> Figure:
    """Activities are records: none held is zero."""
    found = figure_of(totals_of(answers[str(FigureCode.ACTIVITIES)]), (Unit.EVENTS,))
    return replace(found, value=found.value or 0)


def _rate(
    code: MetricCode, label: Message, definition: Message, pair: Pair, works_out: Callable[[Answers], Figure]
) -> Metric:
    part, whole = sides(pair)

    def asks(cut: Cut, _day: date) -> Mapping[str, Ask]:
        return {"part": _amount(part, cut), "whole": _amount(whole, cut)}

    return Metric(
        code,
        label,
        definition,
        msg("%(part)s ÷ %(whole)s", part=pair.part.label, whole=pair.whole.label),
        SIGHT,
        asks=asks,
        works_out=works_out,
        behind=lambda cut, day: _behind(cut, day, pair=str(pair)),
        unit=Unit.PERCENT if pair.needs_one_unit else None,
        numerator=pair.part.label,
        denominator=pair.whole.label,
        is_share=pair.needs_one_unit,
        cut_by=BY_PROGRAMME,
    )


def _share(answers: Answers) -> Figure:
    return _set_against(answers, 100, Unit.PERCENT)


def _ratio(answers: Answers) -> Figure:
    return _set_against(answers, 1, None)


def _set_against(answers: Answers, times: int, unit: Unit | None) -> Figure:
    """Of the first unit of the whole that has numbers; 人 and 人次 are told apart."""
    found = list(_by_unit(answers, times, unit))
    return replace(found[0], beside=tuple(found[1:])) if found else Figure(None, unit)


def _by_unit(answers: Answers, times: int, unit: Unit | None) -> Iterator[Figure]:
    parts, wholes = answers["part"].parts, answers["whole"].parts
    for name in dict.fromkeys(key.split("|")[0] for key in sorted(wholes)):
        keys = [key for key in wholes if key.split("|")[0] == name]
        part = sum(Decimal(parts[key].value) for key in keys if key in parts)
        whole = sum(Decimal(wholes[key].value) for key in keys)
        if not whole:
            continue
        is_about = any(key.endswith(ABOUT) and wholes[key].number for key in keys)
        yield Figure(
            neat(part * times / whole),
            unit,
            Qualifier.APPROX if is_about else Qualifier.EXACT,
            numerator=neat(part),
            denominator=neat(whole),
            doubtful=sum(one[key].doubtful for one in (parts, wholes) for key in keys if key in one),
        )


METRICS: tuple[Metric, ...] = (
    replace(
        _told(
            MetricCode.ACTIVITIES_HELD,
            msg("Recruitment activities"),
            msg("Fairs, talks, live streams and matchmaking meetings held; of a series as many as it says it had"),
            (Unit.EVENTS,),
            FigureCode.ACTIVITIES,
        ),
        works_out=_held,
    ),
    _told(
        MetricCode.EMPLOYERS,
        msg("Employers taking part"),
        msg("Employers at activities; whoever came to several is counted each time"),
        (Unit.ENTERPRISE_TIMES, Unit.ENTERPRISES),
        FigureCode.EMPLOYERS,
    ),
    _told(
        MetricCode.POSITIONS,
        msg("Positions offered"),
        msg("Positions offered at activities, as their sources tell"),
        (Unit.POSITIONS,),
        FigureCode.POSITIONS,
    ),
    _told(
        MetricCode.HEADCOUNT,
        msg("People wanted"),
        msg("How many people employers at activities look for; positions are not headcount"),
        (Unit.PEOPLE,),
        FigureCode.HEADCOUNT,
    ),
    _told(
        MetricCode.PARTICIPANTS,
        msg("Participants at activities"),
        msg("People on site and online together, where a source tells them together"),
        (Unit.PERSON_TIMES, Unit.PEOPLE),
        FigureCode.PARTICIPANTS,
    ),
    _told(
        MetricCode.INTENTIONS,
        msg("Intentions reached"),
        msg("Employment intentions of people; cooperation intentions of organisations stand beside them"),
        (Unit.PEOPLE, Unit.PERSON_TIMES, Unit.INTENTIONS),
        FigureCode.INTENTIONS,
        FigureCode.COOPERATION_INTENTIONS,
    ),
    _rate(
        MetricCode.INTENTION_RATE,
        msg("Intention rate"),
        msg("Of those who came to activities that tell both numbers, the share with an employment intention"),
        Pair.INTENDING,
        _share,
    ),
    _rate(
        MetricCode.HIGH_PAID_SHARE,
        msg("Positions above 10,000 yuan"),
        msg("Of the positions at activities that tell both numbers, the share above 10,000 yuan a month"),
        Pair.HIGH_PAID,
        _share,
    ),
    _rate(
        MetricCode.APPLICANT_RATIO,
        msg("People wanted per seeker"),
        msg("People wanted for each seeker on site, at activities that tell both numbers"),
        Pair.APPLICANTS,
        _ratio,
    ),
)
