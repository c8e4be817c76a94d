"""What the figures of a year suggest: pure, so no database is touched."""

from datetime import date, timedelta

import pytest

from registry.workstations.enums import ActivityKind, Grade, WorkstationState
from registry.workstations.grading import Figures, mean_percent, percent, suggest
from registry.workstations.marks import is_expiring, is_silent

TALK, FAIR, POSTS = ActivityKind.TALK, ActivityKind.FAIR, ActivityKind.POSTS
G = Grade


def year(
    talks: tuple[int, int] = (0, 0), fairs: tuple[int, int] = (0, 0), active: int = 6, idle: int | None = 10
) -> Figures:
    """Done and target of talks and fairs, over twelve months."""
    done = {TALK: talks[0], FAIR: fairs[0]}
    targets = {kind: target for kind, target in ((TALK, talks[1]), (FAIR, fairs[1])) if target}
    return Figures(targets, done, active, 12, idle)


@pytest.mark.parametrize(
    ("figures", "grade"),
    [
        (year((2, 2), (1, 1)), G.EXCELLENT),
        (year((9, 2), (1, 1)), G.EXCELLENT),
        (year((9, 2), (0, 1)), G.BASIC),  # one target reached many times does not make up for another
        (year((1, 2), (1, 1)), G.QUALIFIED),
        (year((199, 200)), G.QUALIFIED),  # 99 % is not all
        (year((6, 10)), G.QUALIFIED),
        (year((59, 100)), G.BASIC),
        (year((3, 10)), G.BASIC),
        (year((29, 100)), G.UNQUALIFIED),
        (year((2, 2), (1, 1), idle=90), G.EXCELLENT),
        (year((2, 2), (1, 1), idle=91), G.QUALIFIED),
        (year((2, 2), (1, 1), idle=180), G.QUALIFIED),
        (year((2, 2), (1, 1), idle=181), G.BASIC),
        (year((2, 2), (1, 1), active=4), G.EXCELLENT),
        (year((2, 2), (1, 1), active=3), G.QUALIFIED),
        (year((0, 2), (0, 1), active=0, idle=5), G.UNQUALIFIED),
        (year(active=0), G.UNQUALIFIED),
        (year(active=12), G.QUALIFIED),  # nothing was expected, so nothing is excellent
        (year((2, 2), idle=None), G.EXCELLENT),
    ],
)
def test_the_grade_follows_from_the_figures(figures: Figures, grade: Grade) -> None:
    assert suggest(figures).grade is grade


def test_the_story_of_a_year() -> None:
    """Targets two talks and one fair, one of each held, then 91 silent days: qualified, and the reasons say why."""
    suggested = suggest(Figures({TALK: 2, FAIR: 1}, {TALK: 1, FAIR: 1}, active_months=2, months=11, idle_days=91))
    assert suggested.grade is Grade.QUALIFIED
    assert [reason.english for reason in suggested.reasons] == [
        "Careers talks: 1 of 2",
        "Dedicated fairs: 1 of 1",
        "Targets reached on average: 75 %",
        "Active in 2 of 11 months of operation",
        "Active in less than a third of the months: not excellent",
        "91 days without a sign of life: not excellent",
    ]


def test_reasons_name_every_target_and_nothing_else() -> None:
    suggested = suggest(Figures({POSTS: 500}, {POSTS: 800, TALK: 3}, 12, 12, 0))
    assert suggested.grade is Grade.EXCELLENT
    assert next(reason.english for reason in suggested.reasons) == "Posts pushed: 800 of 500"
    assert len(suggested.reasons) == 3


def test_means_are_of_what_was_expected() -> None:
    assert mean_percent(year()) is None
    assert mean_percent(year((1, 2), (1, 1))) == 75
    assert mean_percent(year((1, 3))) == 33
    assert percent(2, 3) == 66


@pytest.mark.parametrize(("days", "silent"), [(0, False), (90, False), (91, True)])
def test_silence_begins_after_ninety_days(days: int, silent: bool) -> None:
    today = date(2026, 11, 28)
    assert is_silent(today - timedelta(days=days), today) is silent


def test_what_does_not_run_is_not_silent() -> None:
    assert not is_silent(None, date(2026, 11, 28))


@pytest.mark.parametrize(
    ("days", "state", "expiring"),
    [
        (0, WorkstationState.OPERATING, True),
        (90, WorkstationState.PREPARING, True),
        (91, WorkstationState.OPERATING, False),
        (-1, WorkstationState.OPERATING, False),
        (30, WorkstationState.WITHDRAWN, False),
    ],
)
def test_a_term_expires_within_ninety_days(days: int, state: WorkstationState, expiring: bool) -> None:
    today = date(2026, 11, 28)
    assert is_expiring(state, today + timedelta(days=days), today) is expiring
    assert not is_expiring(state, None, today)
