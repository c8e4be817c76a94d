"""How the jobs stand, in lines that tell good from bad: worker, broker, daily tasks, age, failures. 运行状况."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..core.i18n import Either, Message, msg
from .heartbeat import ALIVE
from .models import JobStatus

SLOW, STUCK = timedelta(minutes=10), timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    """One answer: about what, how it is (tones of the components), in a word, and what there is to say besides."""

    label: Message
    tone: str
    word: Message
    note: Message | None = None


def age(since: timedelta) -> Message:
    """How long, in the largest unit of which there are two."""
    seconds = max(int(since.total_seconds()), 0)
    if seconds < 2 * 60:
        return msg("%(count)s seconds", count=seconds)
    if seconds < 2 * 3600:
        return msg("%(count)s minutes", count=seconds // 60)
    if seconds < 2 * 86400:
        return msg("%(count)s hours", count=seconds // 3600)
    return msg("%(count)s days", count=seconds // 86400)


def worker(seen_at: datetime | None, moment: datetime, *, is_busy: bool) -> Line:
    """Whether anybody works."""
    label = msg("Worker")
    seen = msg("last seen %(age)s ago", age=age(moment - seen_at)) if seen_at else None
    if seen_at and moment - seen_at <= ALIVE:
        return Line(label, "ok", msg("Alive"), seen)
    if is_busy:
        return Line(label, "ok", msg("At a long job"), seen)
    return Line(label, "bad", msg("None"), msg("start flask registry work"))


def broker(answers: bool | None) -> Line | None:
    """Whether the broker answers; None where none is configured."""
    if answers is None:
        return None
    label = msg("Broker (Celery)")
    if answers:
        return Line(label, "ok", msg("Answers"))
    return Line(label, "bad", msg("Does not answer"), msg("jobs wait until it does, none is lost"))


def today(statuses: Sequence[JobStatus | None]) -> Line:
    """Whether the daily tasks of today were done; None stands for one that was not even ordered."""
    label, total = msg("Daily tasks today"), len(statuses)
    done, failed = statuses.count(JobStatus.DONE), statuses.count(JobStatus.FAILED)
    words = msg("%(done)s of %(total)s done", done=done, total=total)
    if failed:
        return Line(label, "bad", words, msg("%(count)s failed", count=failed))
    return Line(label, "ok" if done == total else "warn", words)


def waiting(since: datetime | None, moment: datetime) -> Line:
    """How long the oldest job waits whose time has come."""
    label = msg("Oldest waits for")
    if since is None:
        return Line(label, "ok", msg("Nothing waits"))
    waited = moment - since
    return Line(label, "bad" if waited > STUCK else "warn" if waited > SLOW else "ok", age(waited))


def failures(counts: Mapping[JobStatus, int], since: datetime | None, moment: datetime) -> Line:
    """How many failed, and since when."""
    label, count = msg("Failed"), counts[JobStatus.FAILED]
    if not count or since is None:
        return Line(label, "ok", msg("None"))
    return Line(label, "bad", Either(str(count), str(count)), msg("the first %(age)s ago", age=age(moment - since)))
