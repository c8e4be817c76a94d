"""What the figures of a year suggest as its grade, with the reasons in words. Pure; a person decides. 考核建议.

The registry's own rule, since no published scheme binds a station: targets reached on average (each counted up to its
target), then ceilings for silence and for activity in few months. Its thresholds stand here and nowhere else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..core.i18n import Message, msg
from .enums import ActivityKind, Grade

SILENT_DAYS = 90  # as for the reminder
LONG_SILENT_DAYS = 180
ALL, MOST, SOME = 100, 60, 30  # percent of the targets, on average: excellent, qualified, basically qualified
BEST_FIRST = tuple(Grade)


@dataclass(frozen=True)
class Figures:
    """One year of a station up to its last day or today.

    `idle_days`: days since the last sign of life; None when there was none since it began. `months` is for how many
    months of the year it was in operation, `active_months` in how many of them something was held.
    """

    targets: Mapping[ActivityKind, int]
    done: Mapping[ActivityKind, int]
    active_months: int
    months: int
    idle_days: int | None


@dataclass(frozen=True)
class Suggestion:
    """A grade and why."""

    grade: Grade
    reasons: tuple[Message, ...]


def suggest(year: Figures) -> Suggestion:
    """The grade that the figures suggest; the reasons say each target, the mean, and what held the grade down."""
    reached, reasons = _by_targets(year)
    ceilings = list(_ceilings(year))
    worst = max([reached, *(grade for grade, _why in ceilings)], key=BEST_FIRST.index)
    months = msg(
        "Active in %(active)s of %(months)s months of operation", active=year.active_months, months=year.months
    )
    return Suggestion(worst, (*reasons, months, *(why for _grade, why in ceilings)))


def percent(done: int, target: int) -> int:
    """How much of a target is reached, in whole percent, rounded down: 99 is not yet reached."""
    return 100 * done // target


def mean_percent(year: Figures) -> int | None:
    """The targets reached on average, each counted up to 100; None without targets."""
    shares = [min(100, percent(year.done.get(kind, 0), target)) for kind, target in year.targets.items() if target]
    return sum(shares) // len(shares) if shares else None


def _by_targets(year: Figures) -> tuple[Grade, list[Message]]:
    mean = mean_percent(year)
    if mean is None:
        return Grade.QUALIFIED, [msg("No targets were set for this year, so nothing better than qualified")]
    expected = [(kind, year.targets[kind]) for kind in ActivityKind if year.targets.get(kind)]
    reasons = [_of_target(kind, year.done.get(kind, 0), target) for kind, target in expected]
    reasons.append(msg("Targets reached on average: %(percent)s %%", percent=mean))
    steps = ((ALL, Grade.EXCELLENT), (MOST, Grade.QUALIFIED), (SOME, Grade.BASIC))
    return next((grade for least, grade in steps if mean >= least), Grade.UNQUALIFIED), reasons


def _of_target(kind: ActivityKind, done: int, target: int) -> Message:
    return msg("%(kind)s: %(done)s of %(target)s", kind=kind.label, done=done, target=target)


def _ceilings(year: Figures) -> Iterator[tuple[Grade, Message]]:
    """What holds the grade down whatever the targets say."""
    if year.active_months == 0:
        yield Grade.UNQUALIFIED, msg("Nothing was held this year: unqualified")
    elif 3 * year.active_months < year.months:
        yield Grade.QUALIFIED, msg("Active in less than a third of the months: not excellent")
    idle = year.idle_days or 0
    if idle > LONG_SILENT_DAYS:
        yield Grade.BASIC, msg("%(days)s days without a sign of life: at most basically qualified", days=idle)
    elif idle > SILENT_DAYS:
        yield Grade.QUALIFIED, msg("%(days)s days without a sign of life: not excellent", days=idle)
