"""How the jobs stand, in words."""

from datetime import timedelta

import pytest

from registry.core.dates import now
from registry.jobs import condition
from registry.jobs.models import JobStatus

MOMENT = now()
DONE, FAILED, QUEUED = JobStatus.DONE, JobStatus.FAILED, JobStatus.QUEUED


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 seconds"), (119, "119 seconds"), (120, "2 minutes"), (7199, "119 minutes"), (7200, "2 hours"),
        (172_799, "47 hours"), (172_800, "2 days"),
    ],
)  # fmt: skip
def test_ages(seconds: int, words: str) -> None:
    assert condition.age(timedelta(seconds=seconds)).english == words


@pytest.mark.parametrize(
    ("minutes", "is_busy", "tone", "word"),
    [
        (0, False, "ok", "Alive"), (3, False, "ok", "Alive"),
        (4, False, "bad", "None"), (4, True, "ok", "At a long job"),
        (None, False, "bad", "None"), (None, True, "ok", "At a long job"),
    ],
)  # fmt: skip
def test_workers(minutes: int | None, is_busy: bool, tone: str, word: str) -> None:
    seen = None if minutes is None else MOMENT - timedelta(minutes=minutes)
    line = condition.worker(seen, MOMENT, is_busy=is_busy)
    assert (line.tone, line.word.english) == (tone, word)


@pytest.mark.parametrize(("answers", "tone"), [(True, "ok"), (False, "bad"), (None, None)])
def test_the_broker(answers: bool | None, tone: str | None) -> None:
    line = condition.broker(answers)
    assert (line.tone if line else None) == tone


@pytest.mark.parametrize(
    ("statuses", "tone", "words"),
    [
        ([DONE, DONE], "ok", "2 of 2 done"), ([DONE, QUEUED], "warn", "1 of 2 done"),
        ([None, None], "warn", "0 of 2 done"), ([DONE, FAILED], "bad", "1 of 2 done"),
    ],
)  # fmt: skip
def test_the_daily_tasks(statuses: list[JobStatus | None], tone: str, words: str) -> None:
    line = condition.today(statuses)
    assert (line.tone, line.word.english) == (tone, words)


@pytest.mark.parametrize(("minutes", "tone"), [(None, "ok"), (10, "ok"), (11, "warn"), (60, "warn"), (61, "bad")])
def test_the_oldest(minutes: int | None, tone: str) -> None:
    since = None if minutes is None else MOMENT - timedelta(minutes=minutes)
    assert condition.waiting(since, MOMENT).tone == tone


def test_failures() -> None:
    none = condition.failures({FAILED: 0}, None, MOMENT)
    some = condition.failures({FAILED: 3}, MOMENT - timedelta(hours=5), MOMENT)
    assert (none.tone, some.tone, some.word.english) == ("ok", "bad", "3")
    assert some.note
    assert some.note.english == "the first 5 hours ago"
