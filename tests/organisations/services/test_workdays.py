"""Recording a year's working days: who may, what is kept, what is told."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.errors import Forbidden, Stale
from registry.jobs.leases import run_next
from registry.jobs.models import Job
from registry.organisations import recount
from registry.organisations.arrangement import read
from registry.organisations.inputs import Arrangement
from registry.organisations.queries.workdays import days_of, find_year, list_years
from registry.organisations.recount import RECOUNT_JOB
from registry.organisations.services.reference import load_reference
from registry.organisations.services.workdays import arrange
from registry.organisations.workdays import is_workday
from tests.factories import make_user
from tests.organisations.conftest import World

LINES = "2027-01-01 放假 元旦\n2027-01-03 上班 元旦"


def given(lines: str = LINES, source: str = "测试发明电〔2026〕1号", year: int = 2027) -> Arrangement:
    return Arrangement(year, source, read(year, lines))


def record(actor: User, arrangement: Arrangement | None = None, version: int = 0) -> None:
    with transaction():
        arrange(actor, arrangement or given(), version)


def events() -> list[AuditEvent]:
    arranged = select(AuditEvent).where(AuditEvent.action == "workday:arrange")
    return list(db.session.scalars(arranged.order_by(AuditEvent.seq)))


def test_a_year_is_recorded_with_its_notice(world: World) -> None:
    record(world.province_handler)
    row = find_year(2027)
    assert row
    assert (row.source, row.row_version) == ("测试发明电〔2026〕1号", 1)
    assert days_of(2027) == given().days
    assert list_years() == [2027]
    assert is_workday(date(2027, 1, 3))
    assert not is_workday(date(2027, 1, 1))


def test_the_record_tells_each_day_and_the_notice(world: World) -> None:
    record(world.province_handler)
    (event,) = events()
    assert event.object_label == "2027年工作日安排"
    assert event.changes == {
        "2027-01-01": [None, "放假 元旦"],
        "2027-01-03": [None, "上班 元旦"],
        "source": [None, "测试发明电〔2026〕1号"],
    }


def test_recording_anew_takes_away_what_is_not_named(world: World) -> None:
    record(world.province_handler)
    record(world.province_handler, given("2027-01-01 放假 元旦节\n2027-01-02 放假"), version=1)
    row = find_year(2027)
    assert row
    assert row.row_version == 2
    assert [str(one) for one in days_of(2027).values()] == ["放假 元旦节", "放假"]
    assert events()[-1].changes == {
        "2027-01-01": ["放假 元旦", "放假 元旦节"],
        "2027-01-02": [None, "放假"],
        "2027-01-03": ["上班 元旦", None],
    }


def test_another_year_is_left_alone(world: World) -> None:
    record(world.province_handler, given("2028-01-01 放假 元旦", year=2028))
    record(world.province_handler)
    assert len(days_of(2028)) == 1
    assert list_years() == [2028, 2027]


def test_the_same_again_changes_nothing(world: World) -> None:
    record(world.province_handler)
    record(world.province_handler, version=1)
    assert len(events()) == 1


def test_a_corrected_notice_is_an_event(world: World) -> None:
    record(world.province_handler)
    record(world.province_handler, given(source="测试发明电〔2026〕2号"), version=1)
    assert events()[-1].changes == {"source": ["测试发明电〔2026〕1号", "测试发明电〔2026〕2号"]}


@pytest.mark.parametrize("version", [0, 2])
def test_a_stale_form_is_refused(world: World, version: int) -> None:
    record(world.province_handler)
    with pytest.raises(Stale) as caught:
        record(world.province_handler, given("2027-01-01 放假"), version)
    assert caught.value.changes
    assert days_of(2027) == given().days


def test_a_bureau_may_not(world: World) -> None:
    for person in (world.handler, world.head, world.school_handler):
        with pytest.raises(Forbidden):
            record(person)
    assert list_years() == []


@pytest.mark.parametrize("role", [Role.LEADER, Role.LEGAL_OFFICER, Role.VIEWER, Role.OVERSEER, Role.SYSTEM_ADMIN])
def test_other_roles_of_the_province_may_not(world: World, role: Role) -> None:
    with transaction():
        person = make_user(role, organisation=world.province)
    with pytest.raises(Forbidden):
        record(person)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who was asked to count again, with what the table said then."""
    seen: list[str] = []
    monkeypatch.setattr(recount, "_recounts", [lambda: seen.append(f"{is_workday(date(2027, 1, 3))}")])
    return seen


def test_deadlines_are_counted_again_after_the_commit(world: World, counted: list[str]) -> None:
    record(world.province_handler)
    assert counted == []
    assert run_next()
    assert counted == ["True"]
    record(world.province_handler, given("2027-01-01 放假 元旦"), version=1)
    assert run_next()
    assert counted == ["True", "False"]
    assert db.session.scalars(select(Job.key).where(Job.kind == RECOUNT_JOB)).all() == ["2027"]


def test_loading_reference_data_leaves_a_corrected_year_alone(world: World) -> None:
    with transaction():
        load_reference()
    row = find_year(2026)
    assert row
    assert row.source == "国办发明电〔2025〕7号"
    record(world.province_handler, given("2026-01-01 放假 元旦", "更正通知", 2026), row.row_version)
    with transaction():
        tallies = {tally.name: tally for tally in load_reference()}
    assert len(days_of(2026)) == 1
    assert (tallies["workday_years"].kept, tallies["workday_overrides"].kept) == (1, 39)
    assert tallies["workday_overrides"].added == 0
