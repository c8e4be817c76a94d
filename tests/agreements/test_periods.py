"""Every past day can be looked at, by the days of the paper, however late somebody entered or computed them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements import queries
from registry.agreements.inputs import HistoricRecord, NoticeDetails, PartyLine, Term
from registry.agreements.models import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    ClosureOutcome,
    PartyRole,
)
from registry.agreements.services import ending, entry, lifecycle, signing
from registry.core.db import Model, db, transaction
from tests.agreements.days import Clock, calendar, make_clock
from tests.agreements.scene import Scene, make_scene, stored

pytestmark = pytest.mark.usefixtures("app")
SIGNED, EFFECTIVE = date(2026, 3, 2), date(2026, 3, 16)
IN_FORCE, SUSPENDED, CLOSED = AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED, AgreementStatus.CLOSED
LONGER = Term(months=60)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return make_clock(monkeypatch)


@pytest.fixture
def scene(app: Flask, clock: Clock) -> Scene:
    clock(SIGNED)
    with transaction():
        return make_scene()


@pytest.fixture
def agreement(scene: Scene) -> Agreement:
    """Signed for a later day."""
    with transaction():
        draft = scene.draft_input(term=Term(months=12, planned_effective_on=EFFECTIVE))
        made = scene.brought_in_force(draft, scene.university)
    assert made.status is AgreementStatus.SIGNED
    return made


def spans(agreement: Agreement) -> list[tuple[date, date | None, AgreementStatus]]:
    """The periods, which follow each other without a gap."""
    rows = queries.periods_of(agreement)
    assert all(row.until_on == after.from_on for row, after in pairwise(rows))
    assert not rows or rows[-1].until_on is None
    return [(row.from_on, row.until_on, row.status) for row in rows]


def as_of(agreement: Agreement, day: date) -> tuple[str, int | None, str] | None:
    """Status, number of the text and title on a day."""
    row = queries.period_of(agreement, day)
    return (str(row.status), row.revision.no if row.revision else None, row.title_zh) if row else None


def act(clock: Clock, day: date, service: Any, agreement: Agreement, scene: Scene, *more: Any) -> None:
    """A leader's act on a day."""
    clock(day)
    with transaction():
        service(agreement, *more, scene.bureau.leader)


def test_the_whole_life_of_an_agreement(scene: Scene, agreement: Agreement, clock: Clock) -> None:
    name = agreement.title_zh
    calendar(EFFECTIVE)
    amended, suspended, resumed = date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 1)
    clock(amended)
    with transaction():
        scene.amended(agreement, title_zh="新名称", term=LONGER)
    act(clock, suspended, lifecycle.suspend, agreement, scene, "整改")
    act(clock, resumed, lifecycle.resume, agreement, scene, "整改完成")
    clock(date(2026, 8, 1))
    details = NoticeDetails(agreement.parties[1].public_id, date(2026, 8, 1), 30, "学科调整")
    with transaction():
        ending.give_notice(agreement, details, stored(), "通知.pdf", scene.bureau.leader)
    ended = date(2026, 9, 1)
    act(clock, ended, ending.terminate, agreement, scene)
    assert spans(agreement) == [
        (SIGNED, EFFECTIVE, AgreementStatus.SIGNED),
        (EFFECTIVE, amended, IN_FORCE),
        (amended, suspended, IN_FORCE),
        (suspended, resumed, SUSPENDED),
        (resumed, ended, IN_FORCE),
        (ended, None, CLOSED),
    ]
    for day, expected in (
        (SIGNED - ONE_DAY, None),
        (SIGNED, ("signed", 1, name)),
        (EFFECTIVE - ONE_DAY, ("signed", 1, name)),
        (EFFECTIVE, ("in_force", 1, name)),
        (amended - ONE_DAY, ("in_force", 1, name)),
        (amended, ("in_force", 2, "新名称")),
        (suspended, ("suspended", 2, "新名称")),
        (resumed, ("in_force", 2, "新名称")),
        (ended - ONE_DAY, ("in_force", 2, "新名称")),
        (ended, ("closed", 2, "新名称")),
        (date(2099, 1, 1), ("closed", 2, "新名称")),
    ):
        assert as_of(agreement, day) == expected, day
    before, after = (queries.period_of(agreement, day) for day in (amended - ONE_DAY, amended))
    assert before
    assert after
    assert (before.expires_on, after.expires_on) == (date(2027, 3, 16), date(2031, 3, 16))
    assert queries.periods_of(agreement)[-1].outcome is ClosureOutcome.TERMINATED


class TestSeveralChangesOnOneDay:
    def test_the_last_counts(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        calendar(EFFECTIVE)
        day = date(2026, 6, 1)
        act(clock, day, lifecycle.suspend, agreement, scene, "整改")
        with transaction():
            scene.amended(agreement, term=LONGER)
        assert spans(agreement) == [
            (SIGNED, EFFECTIVE, AgreementStatus.SIGNED), (EFFECTIVE, day, IN_FORCE), (day, None, SUSPENDED),
        ]  # fmt: skip
        assert as_of(agreement, day) == ("suspended", 2, agreement.title_zh)

    def test_that_undo_each_other_leave_no_trace(self, scene: Scene, agreement: Agreement, clock: Clock) -> None:
        calendar(EFFECTIVE)
        before = spans(agreement)
        day = date(2026, 6, 1)
        act(clock, day, lifecycle.suspend, agreement, scene, "误点")
        act(clock, day, lifecycle.resume, agreement, scene, "误点")
        assert spans(agreement) == before

    def test_on_the_first_day(self, scene: Scene, clock: Clock) -> None:
        with transaction():
            made = scene.in_force()
        act(clock, SIGNED, lifecycle.suspend, made, scene, "整改")
        assert spans(made) == [(SIGNED, None, SUSPENDED)]


class TestAHistoricRecord:
    def entered(self, scene: Scene, **changes: Any) -> Agreement:
        lines = (
            PartyLine(scene.bureau.organisation.public_id, role=PartyRole.LEAD),
            PartyLine(scene.university.organisation.public_id),
        )
        given = HistoricRecord(AgreementKind.FRAMEWORK, "补录", lines, "报道", **changes)
        with transaction():
            made = entry.record(given, scene.bureau.handler)
        assert spans(made) == []
        with transaction():
            entry.confirm(made, scene.bureau.section_head)
        return made

    def test_that_ran_out_was_in_force_until_its_last_day(self, scene: Scene) -> None:
        made = self.entered(scene, signed_on=date(2023, 3, 17), effective_on=date(2023, 3, 18), term=Term(months=24))
        end = date(2025, 3, 19)
        assert spans(made) == [(date(2023, 3, 18), end, IN_FORCE), (end, None, CLOSED)]
        assert [row.outcome for row in queries.periods_of(made)] == [None, ClosureOutcome.EXPIRED]
        assert as_of(made, date(2023, 3, 17)) is None
        assert as_of(made, end - ONE_DAY) == ("in_force", None, "补录")
        assert (made.closed_on, made.outcome) == (end, ClosureOutcome.EXPIRED)

    def test_that_still_runs_has_one(self, scene: Scene) -> None:
        made = self.entered(scene, signed_on=date(2025, 3, 17), effective_on=date(2025, 3, 18), term=Term(months=36))
        assert spans(made) == [(date(2025, 3, 18), None, IN_FORCE)]

    def test_without_dates_is_known_from_its_entry(self, scene: Scene) -> None:
        made = self.entered(scene)
        assert spans(made) == [(made.sort_on, None, IN_FORCE)]

    def test_of_which_only_the_last_day_is_known_is_closed_since_then(self, scene: Scene) -> None:
        made = self.entered(scene, term=Term(expires_on=date(2025, 3, 18)))
        assert (made.status, made.closed_on) == (CLOSED, date(2025, 3, 19))
        assert spans(made) == [(date(2025, 3, 19), None, CLOSED)]

    def test_keeps_its_periods_when_its_first_text_is_written_down(self, scene: Scene, clock: Clock) -> None:
        made = self.entered(scene, signed_on=date(2025, 3, 17), effective_on=date(2025, 3, 18), term=Term(months=36))
        clock(date(2026, 4, 1))
        with transaction():
            scene.amended(made, title_zh="有文本的补录")
        assert as_of(made, date(2026, 3, 31)) == ("in_force", 1, "补录")
        assert as_of(made, date(2026, 4, 1)) == ("in_force", 2, "有文本的补录")


class TestTheDailyRun:
    """It may have been missed: what it writes are the days of the paper, and a second run changes nothing."""

    def rows(self) -> dict[str, Sequence[Any]]:
        db.session.expire_all()
        return {
            name: db.session.execute(select(table).order_by(*table.primary_key)).all()
            for name, table in Model.metadata.tables.items()
            if name not in ("job", "user_session")
        }

    def lives(self, scene: Scene, clock: Clock) -> dict[str, Agreement]:
        """Agreements that have their days between EFFECTIVE and five days later."""
        with transaction():
            later = scene.brought_in_force(
                scene.draft_input(term=Term(months=12, planned_effective_on=EFFECTIVE)), scene.university
            )
            ending_soon = scene.brought_in_force(scene.draft_input(term=Term(expires_on=EFFECTIVE)), scene.university)
            changing = scene.brought_in_force(scene.draft_input(term=Term(months=12)), scene.university)
            scene.amended(changing, term=LONGER, effective_from=EFFECTIVE)
            short = scene.brought_in_force(
                scene.draft_input(term=Term(expires_on=EFFECTIVE + ONE_DAY, planned_effective_on=EFFECTIVE)),
                scene.university,
            )
        return {"later": later, "ending": ending_soon, "changing": changing, "short": short}

    def expected(self) -> dict[str, list[tuple[date, date | None, AgreementStatus]]]:
        signed = AgreementStatus.SIGNED
        next_day, after = EFFECTIVE + ONE_DAY, EFFECTIVE + 2 * ONE_DAY
        return {
            "later": [(SIGNED, EFFECTIVE, signed), (EFFECTIVE, None, IN_FORCE)],
            "ending": [(SIGNED, next_day, IN_FORCE), (next_day, None, CLOSED)],
            "changing": [(SIGNED, EFFECTIVE, IN_FORCE), (EFFECTIVE, None, IN_FORCE)],
            "short": [(SIGNED, EFFECTIVE, signed), (EFFECTIVE, after, IN_FORCE), (after, None, CLOSED)],
        }

    @pytest.mark.parametrize("missed", [0, 5])
    def test_writes_the_days_of_the_paper_once(self, scene: Scene, clock: Clock, missed: int) -> None:
        lives = self.lives(scene, clock)
        days = [EFFECTIVE + number * ONE_DAY for number in range(6)] if not missed else [EFFECTIVE + 5 * ONE_DAY]
        for day in days:
            clock(day)
            calendar(day)
        assert {name: spans(agreement) for name, agreement in lives.items()} == self.expected()
        before = self.rows()
        calendar(days[-1])
        assert self.rows() == before
        changed = lives["changing"].effective_revision
        assert changed
        assert (changed.no, changed.effective_on) == (2, EFFECTIVE)
        assert lives["ending"].closed_on == EFFECTIVE + ONE_DAY

    def test_through_the_command_line(self, app: Flask, scene: Scene, clock: Clock, monkeypatch: Any) -> None:
        monkeypatch.setattr("registry.documents.produce.render_signing_copy", lambda _data: b"%PDF")
        monkeypatch.setattr("registry.documents.produce.produce_registry_copy", lambda *_data: b"%PDF")
        run = app.test_cli_runner().invoke
        first = run(args=["registry", "daily"])
        assert first.exit_code == 0, first.output
        lives = self.lives(scene, clock)
        clock(EFFECTIVE + 5 * ONE_DAY)
        for output in ("daily tasks were due", "0 daily tasks were due"):
            result = run(args=["registry", "daily"])
            assert result.exit_code == 0, result.output
            assert output in result.output
            assert {name: spans(agreement) for name, agreement in lives.items()} == self.expected()
            told = self.rows()
        run(args=["registry", "daily"])
        assert self.rows() == told


def test_a_text_that_is_only_on_its_way_makes_no_period(scene: Scene, agreement: Agreement) -> None:
    calendar(EFFECTIVE)
    before = spans(agreement)
    with transaction():
        scene.amended(agreement, term=LONGER, effective_from=EFFECTIVE + timedelta(days=50))
    assert spans(agreement) == before
    with transaction():
        unsigned = scene.draft(title_zh="另一份")
        scene.pass_review(unsigned)
        scene.approve(unsigned)
        signing.start_signing(unsigned, scene.bureau.leader)
        for side in (scene.bureau, scene.university):
            scene.sign(unsigned, side, SIGNED)
    assert queries.periods_of(unsigned) == []
    with transaction():
        signing.complete_signing(unsigned, scene.bureau.seal_keeper)
    assert spans(unsigned) == [(SIGNED, None, IN_FORCE)]
