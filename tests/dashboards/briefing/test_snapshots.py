"""Keeping a month: once, by the daily job or by hand, late or in time; and that nobody changes it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from registry.accounts.models import User
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.errors import Conflict
from registry.dashboards.briefing import kept
from registry.dashboards.briefing.gathering import gather
from registry.dashboards.cut import Cut, month_of
from registry.dashboards.metrics.dictionary import METRICS
from registry.dashboards.models import Briefing, Snapshot
from registry.dashboards.pending import ENTER_JOB
from registry.dashboards.queries.figures import figures
from registry.dashboards.services import briefings, snapshots
from registry.jobs.models import Job
from registry.jobs.services import enqueue
from registry.organisations.models import Organisation
from tests.states import Begin
from tests.stories.test_load import with_stories

MARCH = 202303


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


@pytest.fixture
def handler(people: dict[str, User]) -> User:
    return people["liaoning.handler"]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Let it be another day for whoever keeps months."""

    def be(day: date) -> None:
        monkeypatch.setattr(snapshots, "today", lambda: day)

    return be


def take(user: User, month: int = MARCH) -> Snapshot:
    with transaction():
        return snapshots.take(user.organisation, month)


def test_what_is_kept_is_what_the_figures_say(handler: User) -> None:
    found = kept.load(take(handler).content)
    now = figures(handler, Cut(MARCH, MARCH), list(METRICS))
    for code, figure in found.figures.items():
        assert (figure.value, figure.denominator) == (now[code].value, now[code].denominator)  # type: ignore[index]
    assert found.figures["agreements_signed"].value == 16
    assert len(found.signed) == 16
    assert len(found.localities) == 15
    assert sum(int(one.figures["agreements_signed"].value or 0) for one in found.localities) >= 15


def test_a_month_is_kept_once(handler: User) -> None:
    first = take(handler)
    assert take(handler).id == first.id
    assert first.sha256 == kept.digest(first.content)
    assert db.session.scalar(select(func.count(Snapshot.id))) == 1


def test_a_month_long_over_says_so_and_leaves_out_what_is_of_the_present(handler: User) -> None:
    found = take(handler)
    assert found.is_late
    assert found.as_of == date(2023, 3, 31)
    figures_kept = kept.load(found.content)
    assert not [code for code in figures_kept.figures if METRICS[code].is_present]  # type: ignore[index]
    assert (figures_kept.red, figures_kept.expiring, figures_kept.instructions) == ((), (), ())


def test_in_time_it_has_what_is_of_the_present_too(handler: User, on: Callable[[date], None]) -> None:
    on(date(2026, 11, 2))
    found = take(handler, 202610)
    assert not found.is_late
    assert kept.load(found.content).figures["needs_details"].value


def test_a_month_that_is_not_over_is_not_kept(handler: User, on: Callable[[date], None]) -> None:
    on(date(2026, 11, 29))
    with pytest.raises(Conflict):
        take(handler, 202611)


@pytest.mark.parametrize("change", [update(Snapshot).values(content="{}"), delete(Snapshot)])
def test_the_database_refuses_any_change(handler: User, change: object) -> None:
    content = take(handler).content
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(change)  # type: ignore[call-overload]
    assert db.session.scalar(select(Snapshot.content)) == content


def test_so_it_does_for_whoever_asks_in_sql(handler: User) -> None:
    take(handler)
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text("UPDATE snapshot SET sha256 = 'x'"))


def test_an_object_changed_in_memory_is_refused_too(handler: User) -> None:
    found = take(handler)
    with pytest.raises(DatabaseError), transaction():
        db.session.get_one(Snapshot, found.id).month = 202304


def test_the_job_keeps_every_office_and_prepares_its_draft(people: dict[str, User], on: Callable[[date], None]) -> None:
    on(date(2026, 11, 1))
    briefings.keep_months(date(2026, 11, 1))
    names = {one.organisation.name_zh for one in db.session.scalars(select(Briefing))}
    assert names == {people["liaoning.handler"].organisation.name_zh, people["anshan.handler"].organisation.name_zh}
    assert set(db.session.scalars(select(Snapshot.month))) == {202610}


def test_the_job_twice_does_no_harm(people: dict[str, User], on: Callable[[date], None]) -> None:
    on(date(2026, 11, 1))
    for day in (1, 1, 2, 3):
        briefings.keep_months(date(2026, 11, day))
    assert db.session.scalar(select(func.count(Snapshot.id))) == 2
    assert db.session.scalar(select(func.count(Briefing.id))) == 2


def test_an_office_whose_month_cannot_be_kept_stops_nobody_else(
    people: dict[str, User], on: Callable[[date], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    on(date(2026, 11, 1))
    first = min(one.id for one in snapshots.briefed())

    def fails(organisation: Organisation, *given: Any, **more: Any) -> kept.Kept:
        if organisation.id == first:
            raise LookupError("a region that nobody knows")
        return gather(organisation, *given, **more)

    monkeypatch.setattr(snapshots, "gather", fails)
    with pytest.raises(LookupError):
        briefings.keep_months(date(2026, 11, 1))
    assert db.session.scalar(select(func.count(Snapshot.id))) == 1
    monkeypatch.setattr(snapshots, "gather", gather)
    briefings.keep_months(date(2026, 11, 1))
    assert db.session.scalar(select(func.count(Snapshot.id))) == 2


def test_nothing_is_kept_for_ever_while_it_is_still_being_added_up(
    people: dict[str, User], handler: User, on: Callable[[date], None]
) -> None:
    """On the day after an upgrade, say; the job is tried again."""
    on(date(2026, 11, 1))
    before = take(handler)
    with transaction():
        job = enqueue(ENTER_JOB, "0029")
    for keep in (lambda: take(handler, 202610), lambda: briefings.keep_months(date(2026, 11, 1))):
        with pytest.raises(Conflict) as raised:
            keep()
        assert "added up" in raised.value.message.english
    assert db.session.scalars(select(Snapshot.id)).all() == [before.id] == [take(handler).id]
    with transaction():
        db.session.get_one(Job, job.id).finish(now())
    briefings.keep_months(date(2026, 11, 1))
    assert db.session.scalar(select(func.count(Snapshot.id))) == 3


def test_days_that_were_missed_are_made_good_and_say_so(people: dict[str, User], on: Callable[[date], None]) -> None:
    """The daily run calls it for every day that it missed, the first of the month among them."""
    on(date(2026, 11, 20))
    for day in range(1, 21):
        briefings.keep_months(date(2026, 11, day))
    assert set(db.session.scalars(select(Snapshot.is_late))) == {True}
    assert set(db.session.scalars(select(Snapshot.month))) == {202610}


def test_months_missed_while_nothing_ran_are_made_and_say_so(
    people: dict[str, User], on: Callable[[date], None]
) -> None:
    """Longer than the daily run catches up on its days: from the middle of August to the third of December."""
    office = people["liaoning.handler"].organisation_id
    on(date(2026, 8, 1))
    briefings.keep_months(date(2026, 8, 1))
    take(people["liaoning.handler"], MARCH)  # drawn up by hand: nobody missed the months after it
    on(date(2026, 12, 3))
    for day in (1, 2, 3):
        briefings.keep_months(date(2026, 12, day))
    made = select(Snapshot.month, Snapshot.is_late).where(Snapshot.organisation_id == office).order_by(Snapshot.month)
    late = [(MARCH, True), (202607, False), (202608, True), (202609, True), (202610, True), (202611, False)]
    assert [tuple(row) for row in db.session.execute(made)] == late
    assert db.session.scalar(select(func.count(Briefing.id)).where(Briefing.organisation_id == office)) == 5
    assert snapshots.months_missed(office, date(2026, 12, 4)) == []


def test_a_stop_of_years_makes_a_year_of_months(people: dict[str, User], on: Callable[[date], None]) -> None:
    on(date(2024, 1, 1))
    take(people["liaoning.handler"], 202312)
    missed = snapshots.months_missed(people["liaoning.handler"].organisation_id, date(2026, 3, 1))
    assert (missed[0], missed[-1], len(missed)) == (202503, 202602, 12)
    assert snapshots.months_missed(people["anshan.handler"].organisation_id, date(2026, 3, 1)) == []


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2026, 11, 1), [202610]),
        (date(2027, 1, 1), [202612]),
        (date(2026, 11, 10), [202610]),
        (date(2026, 11, 11), []),
        (date(2026, 11, 30), []),
    ],
)
def test_which_month_is_due(day: date, months: list[int]) -> None:
    assert snapshots.months_due(day) == months


def test_over_a_year_every_month_is_due_once_it_is_over() -> None:
    days = [date.fromordinal(number) for number in range(date(2026, 1, 1).toordinal(), date(2027, 2, 1).toordinal())]
    due = {month: [day for day in days if month in snapshots.months_due(day)] for month in range(202601, 202613)}
    for month, found in due.items():
        assert found[0] == date.fromordinal(Cut(month, month).last_day.toordinal() + 1)
        assert all(month_of(day) > month for day in found)
