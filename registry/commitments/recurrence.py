"""From the words of a table to periods with days. Pure. 周期.

A period in years or months ends on the corresponding day (Civil Code, articles 201–204), the next begins the day after,
so that a term of three years has exactly three. What remains at the end is a period of its own when it is at least
half as long as the others, else the last one takes it in. A graduating class 届 is done with on 31 August, when its
destinations are last registered (dossier, section 5); it counts when at least half of its year lies in the term.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from ..core.dates import BadDate, Precision, add_months, last_day, read_partial
from .enums import Recurrence

MONTHS = {
    Recurrence.MONTHLY: 1,
    Recurrence.QUARTERLY: 3,
    Recurrence.HALF_YEARLY: 6,
    Recurrence.YEARLY: 12,
}
# The first that fits: 秋季 is no quarter, and within 6个月 or 三年 is a span and no rhythm.
WORDS = tuple(
    (re.compile(words), recurrence)
    for words, recurrence in (
        ("季度|[每各按逐]个?季|每[三3]个月|^季$", Recurrence.QUARTERLY),
        ("半年|学期|每[六6]个月", Recurrence.HALF_YEARLY),
        ("[每各按逐]年|年度", Recurrence.YEARLY),
        ("[每各按逐]个?月|月度", Recurrence.MONTHLY),
        ("协议期|有效期|个月|[两二三四五六七八九十2-9]年|年[之以]?内", Recurrence.TERM),
        ("届", Recurrence.COHORT),
        ("年", Recurrence.YEARLY),
        ("月", Recurrence.MONTHLY),
    )
)
DAY = re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*(?:[月./-]\s*(?:\d{1,2}\s*日?)?)?|\d{8}|\d{4}年")
ONE_DAY = timedelta(days=1)
CLASS_ENDS, CLASS_BEGINS = (8, 31), (9, 1)


@dataclass(frozen=True)
class Span:
    """The days of one period and its number, which it keeps."""

    no: int
    starts_on: date
    due_on: date

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.due_on - self.starts_on).days + 1


def read_words(text: str) -> tuple[Recurrence, date | None]:
    """How often, and the day of what falls due once: 年, 届, 协议期, 每季度, 2027年6月底前. Else in the term."""
    plain = text.strip()
    found = DAY.search(plain)
    if found and "每" not in plain:
        try:
            return Recurrence.ONCE, last_day(*_partial(found[0]))
        except BadDate:
            return Recurrence.TERM, None
    return next((one for words, one in WORDS if words.search(plain)), Recurrence.TERM), None


def _partial(text: str) -> tuple[date, Precision]:
    return read_partial(text.strip())


@dataclass(frozen=True)
class Frame:
    """Within what the periods of a promise lie.

    `first` is the first day of the agreement, `last` its last (None: open-ended), `until` how far ahead periods are
    made, `since` the first day of the promise where it came later, `due_on` the day of what falls due once.
    """

    first: date
    last: date | None
    until: date
    since: date | None = None
    due_on: date | None = None


def spans(recurrence: Recurrence, frame: Frame) -> list[Span]:
    """The periods that begin by `until`; none for a promise of the whole term while nobody knows its end."""
    if recurrence is Recurrence.COHORT:
        found = list(_classes(frame))
    elif recurrence in MONTHS:
        found = _steps(MONTHS[recurrence], frame)
    else:
        end = frame.due_on if recurrence is Recurrence.ONCE and frame.due_on else frame.last
        found = [Span(1, frame.first, end)] if end and end >= frame.first else []
    return _since(found, frame.since)


def _steps(months: int, frame: Frame) -> list[Span]:
    found: list[Span] = []
    for no in count(1):
        starts_on = frame.first if no == 1 else add_months(frame.first, months * (no - 1)) + ONE_DAY
        due_on = add_months(frame.first, months * no)
        if starts_on > frame.until or (frame.last and starts_on > frame.last):
            return found
        if frame.last and due_on > frame.last:
            rest = Span(no, starts_on, frame.last)
            if found and rest.days * 2 < Span(no, starts_on, due_on).days:
                return [*found[:-1], replace(found[-1], due_on=frame.last)]
            return [*found, rest]
        found.append(Span(no, starts_on, due_on))
    return found


def _classes(frame: Frame) -> Iterator[Span]:
    found = False
    for year in count(frame.first.year):
        begins, ends = date(year - 1, *CLASS_BEGINS), date(year, *CLASS_ENDS)
        starts_on, due_on = max(begins, frame.first), min(ends, frame.last or ends)
        if starts_on > frame.until or (frame.last and starts_on > frame.last):
            break
        if starts_on <= due_on and ((due_on - starts_on).days + 1) * 2 >= (ends - begins).days + 1:
            found = True
            yield Span(year, starts_on, due_on)
    if not found and frame.last and frame.last >= frame.first:
        yield Span(frame.last.year, frame.first, frame.last)


def _since(found: list[Span], since: date | None) -> list[Span]:
    """A promise that came later: its first period is cut, or left out where less than half of it remains."""
    if since is None:
        return found
    left = []
    for span in found:
        cut = replace(span, starts_on=max(span.starts_on, since))
        is_last = span is found[-1]
        if cut.days > 0 and (cut.days * 2 >= span.days or is_last):
            left.append(cut)
    return left
