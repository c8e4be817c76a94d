"""When the internal steps are due, and what the pages say of a day that is an estimate."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from registry.agreements.inputs import Opinion
from registry.agreements.models import Agreement, AgreementStatus, Clearance, ClearanceStep, LegalResult
from registry.agreements.services import clearance, steps
from registry.agreements.todo import list_waiting
from registry.core.db import db, transaction
from registry.organisations.arrangement import read
from registry.organisations.models import WorkdayOverride, WorkdayYear
from tests.agreements.scene import Scene, make_scene
from tests.agreements.test_speed import counted
from tests.conftest import Client

SECTION, LEGAL, LEADER = ClearanceStep.SECTION, ClearanceStep.LEGAL, ClearanceStep.LEADER
SUBMITTED = date(2026, 9, 30)
STATUTORY_NOTE = "2027年安排未录入，按法定节假日估算，未计调休上班日"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    """Stands still until it is set."""
    found = Clock()
    monkeypatch.setattr(steps, "today", lambda: found.day)
    return found


class Clock:
    """The day on which people act."""

    day = SUBMITTED


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


def submitted(scene: Scene) -> Agreement:
    with transaction():
        return scene.review()


def due(agreement: Agreement, scene: Scene, *, university: bool = False) -> dict[ClearanceStep, date | None]:
    side = scene.university if university else scene.bureau
    return {row.step: row.due_on for row in steps.steps_of(agreement, side.organisation.id)}


def clear(agreement: Agreement, scene: Scene, step: ClearanceStep, **opinion: object) -> None:
    if step is LEGAL:
        opinion.setdefault("legal_result", LegalResult.LEGAL)
    with transaction():
        clearance.clear(agreement, Opinion("同意", **opinion), getattr(scene.bureau, step.role))  # type: ignore[arg-type]  # any field


def test_legality_review_is_due_five_working_days_after_submission(scene: Scene, clock: Clock) -> None:
    """30 September 2026: the national holiday lies between, and a Saturday that is worked."""
    agreement = submitted(scene)
    assert due(agreement, scene) == {SECTION: date(2026, 10, 9), LEGAL: date(2026, 10, 13), LEADER: date(2026, 10, 10)}


def test_a_deadline_runs_anew_when_the_step_begins_to_wait(scene: Scene, clock: Clock) -> None:
    agreement = submitted(scene)
    clock.day = date(2026, 10, 9)
    clear(agreement, scene, SECTION)
    assert due(agreement, scene) == {SECTION: date(2026, 10, 9), LEGAL: date(2026, 10, 15), LEADER: date(2026, 10, 10)}
    clock.day = date(2026, 10, 12)
    clear(agreement, scene, LEGAL)
    assert due(agreement, scene)[LEADER] == date(2026, 10, 15)
    assert due(agreement, scene)[LEGAL] == date(2026, 10, 15)


def test_on_the_day_of_submission_nothing_moves(scene: Scene, clock: Clock) -> None:
    agreement = submitted(scene)
    before = due(agreement, scene)
    clear(agreement, scene, SECTION)
    assert due(agreement, scene) == before


def test_after_a_skipped_review_the_leaders_deadline_runs(scene: Scene, clock: Clock) -> None:
    agreement = submitted(scene)
    clock.day = date(2026, 10, 9)
    clear(agreement, scene, SECTION, skip_legality_review=True)
    assert due(agreement, scene)[LEADER] == date(2026, 10, 13)


def test_the_counterparts_deadlines_run_from_when_the_text_reaches_them(scene: Scene, clock: Clock) -> None:
    agreement = submitted(scene)
    clear(agreement, scene, SECTION)
    clear(agreement, scene, LEGAL)
    clock.day = date(2026, 10, 13)
    clear(agreement, scene, LEADER, minutes_number="党组会纪要〔2026〕7号")
    assert due(agreement, scene, university=True) == {SECTION: date(2026, 10, 15), LEADER: date(2026, 10, 16)}


def test_the_day_it_was_counted_from_is_kept(scene: Scene, clock: Clock) -> None:
    agreement = submitted(scene)
    clock.day = date(2026, 10, 9)
    clear(agreement, scene, SECTION)
    rows = steps.steps_of(agreement, scene.bureau.organisation.id)
    assert [row.counted_from for row in rows] == [SUBMITTED, date(2026, 10, 9), SUBMITTED]
    (row,) = list_waiting(scene.bureau.legal_officer)
    assert (row.due_on, row.counted_from) == (date(2026, 10, 15), date(2026, 10, 9))


class TestCountedAgain:
    """A year's working days were recorded after deadlines had been counted into it."""

    @pytest.fixture
    def agreement(self, scene: Scene, clock: Clock) -> Agreement:
        clock.day = date(2026, 12, 30)
        return submitted(scene)

    def record_new_year(self) -> None:
        with transaction():
            db.session.add(WorkdayYear(year=2027, source="测试通知"))
            for day, one in read(2027, "2027-01-01 放假 元旦\n2027-01-02 上班 元旦").items():
                db.session.add(WorkdayOverride(day=day, kind=one.kind, holiday_zh=one.holiday_zh))

    def test_what_waits_is_counted_again(self, scene: Scene, agreement: Agreement) -> None:
        assert due(agreement, scene)[SECTION] == date(2027, 1, 4)
        self.record_new_year()
        steps.count_again()
        assert due(agreement, scene)[SECTION] == date(2027, 1, 2)

    def test_a_second_time_changes_nothing(self, scene: Scene, agreement: Agreement) -> None:
        self.record_new_year()
        steps.count_again()
        once = due(agreement, scene)
        steps.count_again()
        assert due(agreement, scene) == once

    def test_what_is_decided_or_over_stays(self, scene: Scene, agreement: Agreement) -> None:
        clear(agreement, scene, SECTION)
        self.record_new_year()
        steps.count_again()
        assert due(agreement, scene)[SECTION] == date(2027, 1, 4)

    def test_dropped_steps_of_an_old_revision_stay(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            clearance.send_back(agreement, "期限不明确", scene.bureau.section_head)
            clearance.submit(agreement, scene.bureau.handler)
        self.record_new_year()
        steps.count_again()
        old = select(Clearance.due_on).where(Clearance.revision_id == agreement.revisions[0].id)
        assert db.session.scalar(old.where(Clearance.step == LEGAL)) == date(2027, 1, 7)
        assert due(agreement, scene)[LEGAL] == date(2027, 1, 6)

    def test_rows_of_older_versions_stay(self, scene: Scene, agreement: Agreement) -> None:
        with transaction():
            for row in db.session.query(Clearance):
                row.counted_from = None
        self.record_new_year()
        steps.count_again()
        assert due(agreement, scene)[SECTION] == date(2027, 1, 4)


class TestPages:
    def test_an_estimate_is_told_on_the_agreement_and_in_the_to_do_list(
        self, scene: Scene, clock: Clock, client: Client
    ) -> None:
        clock.day = date(2026, 12, 30)
        agreement = submitted(scene)
        client.sign_in(scene.bureau.section_head)
        page = client.get(f"/agreements/{agreement.public_id}").text
        assert page.count(STATUTORY_NOTE) == 3  # section, legality and leader all end in January
        assert STATUTORY_NOTE in client.get("/todo").text
        assert STATUTORY_NOTE in client.get("/").text

    def test_what_is_certain_bears_no_note(self, scene: Scene, clock: Clock, client: Client) -> None:
        agreement = submitted(scene)
        client.sign_in(scene.bureau.section_head)
        page = client.get(f"/agreements/{agreement.public_id}").text
        assert "2026-10-13" in page
        assert "安排未录入" not in page + client.get("/todo").text

    def test_a_step_that_was_taken_bears_no_note(self, scene: Scene, clock: Clock, client: Client) -> None:
        clock.day = date(2026, 12, 30)
        agreement = submitted(scene)
        clear(agreement, scene, SECTION)
        client.sign_in(scene.bureau.section_head)
        assert client.get(f"/agreements/{agreement.public_id}").text.count(STATUTORY_NOTE) == 2

    def test_the_calendar_is_read_once_for_a_page(self, app: Flask, scene: Scene, clock: Clock, client: Client) -> None:
        clock.day = date(2026, 12, 30)
        with transaction():
            for number in range(4):
                agreement = scene.draft(title_zh=f"协议{number}")
                clearance.submit(agreement, scene.bureau.handler, duplicates_known=True)
        client.sign_in(scene.bureau.section_head)
        for path in ("/todo", f"/agreements/{agreement.public_id}"):
            with counted() as asked:
                assert client.get(path).text.count(STATUTORY_NOTE) >= 3
            assert len([one for one in asked if "workday_year" in one]) == 1

    @pytest.mark.parametrize(
        ("last", "said"),
        [
            (date(2026, 10, 3), "2026-10-08"),
            (date(2029, 10, 6), "2029-10-08"),
        ],
    )
    def test_a_last_day_on_a_holiday_is_hinted_at(self, scene: Scene, client: Client, last: date, said: str) -> None:
        page = self.page_of_agreement_until(last, scene, client)
        assert f"{said}" in page
        assert "第二百零三条" in page
        assert ("2029年安排未录入" in page) is (last.year == 2029)

    def test_a_last_day_that_is_worked_needs_no_hint(self, scene: Scene, client: Client) -> None:
        assert "第二百零三条" not in self.page_of_agreement_until(date(2026, 10, 8), scene, client)

    def test_what_is_over_needs_no_hint(self, scene: Scene, client: Client) -> None:
        page = self.page_of_agreement_until(date(2026, 10, 3), scene, client, AgreementStatus.VOID)
        assert "第二百零三条" not in page

    def page_of_agreement_until(
        self, last: date, scene: Scene, client: Client, status: AgreementStatus | None = None
    ) -> str:
        with transaction():
            agreement = scene.draft()
            agreement.expires_on = last
            agreement.status = status or agreement.status
        client.sign_in(scene.bureau.handler)
        return client.get(f"/agreements/{agreement.public_id}").text
