"""Metrics of agreements: how many, how many new, who is reached, what ends soon (dossier, section 8). 协议类指标."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from ...core.figures.kinds import Unit
from ...core.i18n import Message, msg
from ..cut import Cut, day_key
from ..facts import agreements as facts
from .asking import months
from .base import FIRST, Ask, Behind, Metric, Reached, Sum, Whole, counted, share, share_of
from .codes import MetricCode

LIST = "agreements.index"
SIGHT = msg("Agreements that the reader's organisation sees")
OURS = msg("Reporting localities, and the active universities of their provinces")
Kinds = frozenset[str] | None


def stock(now: str, then: str, cut: Cut, day: date, parts: Kinds = None) -> Sum:
    """What there is on the day that a cut tells of: as it stands, or as it stood at the end of a month that is over."""
    return Sum(now, parts=parts) if cut.is_present(day) else Sum(then, FIRST, cut.last, parts)


def in_force(cut: Cut, day: date, parts: Kinds = None) -> Sum:
    """Agreements in force."""
    return stock(facts.IN_FORCE, facts.HELD, cut, day, parts)


def _narrowed(cut: Cut, day: date, **values: str | int) -> Behind:
    """The list as it stands on the day that stocks are told of."""
    found: dict[str, str | int] = dict(values)
    if not cut.is_present(day):
        found["on"] = cut.last_day.isoformat()
    return Behind(LIST, found | _places(cut))


def _places(cut: Cut) -> dict[str, str | int]:
    found: dict[str, str | int] = {}
    if cut.locality:
        found["locality"] = cut.locality
    if cut.university_id:
        found["university"] = cut.university_id
    return found


def _of_kind(code: MetricCode, label: Message, kind: str = "") -> Metric:
    parts = frozenset({kind}) if kind else None
    filters = {"status": "in_force"} | ({"kind": kind} if kind else {})
    return Metric(
        code,
        label,
        msg("Agreements in force at the end of the period, or today where it is not over"),
        msg("Number of agreements in force; an agreement counts once, however many copies were signed"),
        SIGHT,
        asks=lambda cut, day: {"held": in_force(cut, day, parts)},
        works_out=counted("held", Unit.COPIES),
        behind=lambda cut, day: _narrowed(cut, day, **filters),
        unit=Unit.COPIES,
        is_stock=True,
    )


def _signed(cut: Cut, _day: date) -> Mapping[str, Ask]:
    return {"signed": Sum(facts.NEWLY_SIGNED, cut.first, cut.last)}


def _signed_list(cut: Cut, _day: date) -> Behind:
    return Behind(LIST, months(cut) | _places(cut))


def month_text(month: int) -> str:
    """2023-03."""
    return f"{month // 100}-{month % 100:02}"


def _effective(cut: Cut, day: date) -> Mapping[str, Ask]:
    return {"held": in_force(cut, day), "ended": stock(facts.LAPSED, facts.ENDED, cut, day)}


SIGNED = Metric(
    MetricCode.AGREEMENTS_SIGNED,
    msg("Newly signed"),
    msg("Agreements signed within the period; void ones and those whose month of signing nobody knows are left out"),
    msg("Number of agreements whose day or month of signing lies in the period; each paper of a batch counts"),
    SIGHT,
    asks=_signed,
    works_out=counted("signed", Unit.COPIES),
    behind=_signed_list,
    unit=Unit.COPIES,
)
EFFECTIVE = Metric(
    MetricCode.AGREEMENTS_EFFECTIVE,
    msg("Share still in force"),
    msg("Of the agreements in force and those that ran out without being renewed, the share in force"),
    msg("Agreements in force ÷ (agreements in force + agreements that ran out without renewal)"),
    SIGHT,
    asks=_effective,
    works_out=lambda found: share(found["held"].value, (found["held"] + found["ended"]).value),
    behind=lambda cut, day: _narrowed(cut, day, status="in_force"),
    unit=Unit.PERCENT,
    numerator=msg("Agreements in force"),
    denominator=msg("Agreements in force, and those that ran out without renewal"),
    is_share=True,
    is_stock=True,
    listed="numerator",
)


def _coverage(code: MetricCode, words: tuple[Message, Message, Message, Message], now: str, then: str) -> Metric:
    label, definition, numerator, denominator = words
    what: Literal["locality", "university"] = "university" if code is MetricCode.UNIVERSITIES_COVERED else "locality"

    def asks(cut: Cut, day: date) -> Mapping[str, Ask]:
        return {"reached": Reached(what, stock(now, then, cut, day)), "whole": Whole(what)}

    def behind(cut: Cut, day: date) -> Behind:
        values = {"code": str(code), "from": month_text(cut.first), "to": month_text(cut.last)}
        return Behind("dashboards.coverage", values | _places(cut))

    return Metric(
        code,
        label,
        definition,
        msg("%(numerator)s ÷ %(denominator)s", numerator=numerator, denominator=denominator),
        OURS,
        asks=asks,
        works_out=share_of("reached", "whole"),
        behind=behind,
        unit=Unit.PERCENT,
        numerator=numerator,
        denominator=denominator,
        is_share=True,
        is_stock=True,
        listed="numerator",
    )


COVERAGE = (
    _coverage(
        MetricCode.LOCALITIES_COVERED,
        (
            msg("Localities covered"),
            msg("Localities of which a bureau, centre or zone is bound by an agreement in force"),
            msg("Reporting localities with an agreement in force"),
            msg("all reporting localities"),
        ),
        facts.IN_FORCE,
        facts.HELD,
    ),
    _coverage(
        MetricCode.DETAILS_COMPLETE,
        (
            msg("Localities with complete details"),
            msg("Localities with an agreement in force of which nothing is left to be found out"),
            msg("Reporting localities with an agreement in force whose details are complete"),
            msg("all reporting localities"),
        ),
        facts.COMPLETE,
        facts.HELD_COMPLETE,
    ),
    _coverage(
        MetricCode.UNIVERSITIES_COVERED,
        (
            msg("Universities covered"),
            msg("Universities bound by an agreement in force; a party known only as reported counts for none"),
            msg("Universities with an agreement in force"),
            msg("active universities of the provinces whose localities report"),
        ),
        facts.IN_FORCE,
        facts.HELD,
    ),
)


def _expiring(code: MetricCode, days: int) -> Metric:
    def asks(_cut: Cut, day: date) -> Mapping[str, Ask]:
        return {"ends": Sum(facts.EXPIRING, day_key(day), day_key(day + timedelta(days=days)))}

    return Metric(
        code,
        msg("Expiring within %(days)s days", days=days),
        msg("Agreements in force whose last day is today or one of the next %(days)s days", days=days),
        msg("Number of agreements in force by the day on which they end; open-ended ones never do"),
        SIGHT,
        asks=asks,
        works_out=counted("ends", Unit.COPIES),
        behind=lambda cut, _day: Behind(LIST, {"expiring": days} | _places(cut)),
        unit=Unit.COPIES,
        is_present=True,
        better="less",
    )


NEEDS_DETAILS = Metric(
    MetricCode.NEEDS_DETAILS,
    msg("Details to be found out"),
    msg("Signed agreements of which a party, a day, the term, the place or the number is not known yet"),
    msg("Number of signed agreements marked as lacking details, as of now"),
    SIGHT,
    asks=lambda _cut, _day: {"lacking": Sum(facts.LACKING)},
    works_out=counted("lacking", Unit.COPIES),
    behind=lambda cut, _day: Behind(LIST, {"incomplete": 1} | _places(cut)),
    unit=Unit.COPIES,
    is_present=True,
    better="less",
)
METRICS: tuple[Metric, ...] = (
    _of_kind(MetricCode.AGREEMENTS_IN_FORCE, msg("Agreements in force")),
    _of_kind(MetricCode.AGREEMENTS_FRAMEWORK, msg("Framework agreements in force"), "framework"),
    _of_kind(MetricCode.AGREEMENTS_STRATEGIC, msg("Strategic agreements in force"), "strategic"),
    SIGNED,
    EFFECTIVE,
    *COVERAGE,
    _expiring(MetricCode.EXPIRING_30, 30),
    _expiring(MetricCode.EXPIRING_60, 60),
    _expiring(MetricCode.EXPIRING_90, 90),
    NEEDS_DETAILS,
)
