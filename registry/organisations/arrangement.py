"""A year's arrangement as lines of text, 2027-01-01 放假 元旦: read, written, compared. 年度安排."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from ..core.dates import BadDate, parse_date
from ..core.errors import Invalid
from ..core.i18n import Message, msg
from .models import WorkdayKind
from .workday_layers import is_weekday

NAME_LIMIT = 40
LINES_LIMIT = 120
LINE = re.compile(r"(?P<day>\S+?)[\s,，、]+(?P<kind>[^\s,，、]+)(?:[\s,，、]+(?P<name>.*))?")
KINDS = {
    "放假": WorkdayKind.HOLIDAY,
    "休": WorkdayKind.HOLIDAY,
    "holiday": WorkdayKind.HOLIDAY,
    "上班": WorkdayKind.WORKDAY,
    "班": WorkdayKind.WORKDAY,
    "workday": WorkdayKind.WORKDAY,
}
WORDS = {WorkdayKind.HOLIDAY: "放假", WorkdayKind.WORKDAY: "上班"}


@dataclass(frozen=True)
class ExceptionDay:
    """How a day differs from its weekday, and which festival it belongs to."""

    kind: WorkdayKind
    holiday_zh: str

    def __str__(self) -> str:
        """As a line has it after the day, and as the change log keeps it."""
        return f"{WORDS[self.kind]} {self.holiday_zh}".strip()


Days = Mapping[date, ExceptionDay]


@dataclass(frozen=True)
class DayChange:
    """A day whose exception would be added, altered or taken away."""

    day: date
    before: ExceptionDay | None
    after: ExceptionDay | None


def read(year: int, text: str) -> Days:
    """The exceptions in the lines.

    Raises Invalid on `lines`, naming each line that cannot be taken.
    """
    found: dict[date, ExceptionDay] = {}
    problems: list[Message | str] = []
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for number, line in lines[:LINES_LIMIT]:
        try:
            day, exception = _line(year, line)
            if day in found:
                raise BadDate(msg("this day is named twice"))
            found[day] = exception
        except BadDate as bad:
            problems.append(msg("Line %(number)s: %(problem)s", number=number, problem=bad.message))
    if len(lines) > LINES_LIMIT:
        problems.append(msg("At most %(limit)s lines", limit=LINES_LIMIT))
    if not lines:
        problems.append(msg("Write at least one day"))
    if problems:
        raise Invalid({"lines": problems})
    return found


def _line(year: int, line: str) -> tuple[date, ExceptionDay]:
    """Raises BadDate with what is wrong."""
    match = LINE.fullmatch(line)
    if not match:
        raise BadDate(msg("write it like 2027-01-01 放假 元旦"))
    day = parse_date(match["day"])
    if day.year != year:
        raise BadDate(msg("%(day)s belongs to another year: add it there", day=day.isoformat()))
    kind = KINDS.get(match["kind"].lower())
    if kind is None:
        raise BadDate(msg("write 放假 for a day off or 上班 for a working weekend after the date"))
    if kind is WorkdayKind.WORKDAY and is_weekday(day):
        raise BadDate(msg("%(day)s is no Saturday or Sunday: people work anyway", day=day.isoformat()))
    name = (match["name"] or "").strip()
    if len(name) > NAME_LIMIT:
        raise BadDate(msg("the festival's name has at most %(limit)s characters", limit=NAME_LIMIT))
    return day, ExceptionDay(kind, name)


def write(days: Days) -> str:
    """The lines, in the order of the days."""
    return "\n".join(f"{day.isoformat()} {days[day]}" for day in sorted(days))


def differences(before: Days, after: Days) -> list[DayChange]:
    """What recording the new ones would change, day by day."""
    return list(_differences(before, after))


def _differences(before: Days, after: Days) -> Iterator[DayChange]:
    for day in sorted(before.keys() | after.keys()):
        old, new = before.get(day), after.get(day)
        if old != new:
            yield DayChange(day, old, new)


def digest(source: str, days: Days) -> str:
    """What a preview showed, so that only what was seen is saved."""
    return sha256(f"{source}\n{write(days)}".encode()).hexdigest()
