"""What brings sums in step: organisations that move, oversight, days that come, what is too much for one request."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from registry.agreements.models import Agreement
from registry.agreements.services import lifecycle
from registry.cli.figures import check_figures
from registry.core.access.roles import Role
from registry.core.dates import now, today
from registry.core.db import db, transaction
from registry.dashboards.cut import Cut
from registry.dashboards.facts.agreements import HORIZON
from registry.dashboards.facts.base import Fact, Given
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.models import OverviewShare, OverviewTotal
from registry.dashboards.models.totals import KEY, SUMS
from registry.dashboards.pending import ENTER_JOB, FOLLOW_JOB
from registry.dashboards.queries.figures import figures
from registry.dashboards.services import checking, folding, keeping, shares
from registry.dashboards.services.following import follow_later, turn_the_day
from registry.jobs.models import Job, JobStatus
from registry.jobs.registry import GiveUp
from registry.jobs.services import enqueue
from registry.organisations.models import Organisation, Region, WorkdayYear
from registry.organisations.services.oversight import rebuild_oversight
from tests.agreements.days import make_clock
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_region, make_user
from tests.states import Begin

NOW = Cut.of_month(today())


def with_agreement() -> tuple[Scene, Agreement]:
    with transaction():
        make_region("210000", "辽宁省", "Liaoning")
        scene = make_scene()
        for code in ("210300", "610100"):
            make_region(code, code, code)
        places = update(Region).where(Region.code.in_(("210300", "610100"))).values(is_reporting_locality=True)
        db.session.execute(places)
        return scene, scene.in_force()


@pytest.fixture
def begun(begin_with: Begin) -> tuple[Scene, Agreement]:
    return begin_with(with_agreement)


def held(scene: Scene, locality: str = "", code: M = M.AGREEMENTS_IN_FORCE) -> object:
    cut = Cut(NOW.first, NOW.last, locality)
    return figures(scene.bureau.handler, cut, [code])[code].value


def in_step() -> bool:
    return list(checking.differences()) == []


def test_what_lies_elsewhere_counts_there(begun: tuple[Scene, Agreement]) -> None:
    scene, _agreement = begun
    assert (held(scene), held(scene, "210300"), held(scene, "610100")) == (1, 1, 0)
    with transaction():
        db.session.get_one(Organisation, scene.bureau.organisation.id).region_code = "610100"
    assert (held(scene), held(scene, "210300"), held(scene, "610100")) == (1, 0, 1)
    assert in_step()


def test_who_stands_above_sees_it_in_their_figures(begun: tuple[Scene, Agreement]) -> None:
    scene, _agreement = begun
    with transaction():
        above = Organisation(name_zh="省厅", kind=scene.bureau.organisation.kind, region_code="210000")
        db.session.add(above)
        db.session.flush()
        make_user(Role.VIEWER, organisation=above)
        db.session.get_one(Organisation, scene.bureau.organisation.id).superior_id = above.id
        rebuild_oversight(scene.bureau.organisation.id)
    kept = db.session.scalars(select(OverviewShare.given).where(OverviewShare.kind == "agreement")).one()
    assert above.id in kept[0][0]
    assert in_step()


def test_a_suspended_one_is_not_in_force(begun: tuple[Scene, Agreement]) -> None:
    scene, agreement = begun
    with transaction():
        lifecycle.suspend(agreement, "整改", scene.bureau.leader)
    assert held(scene) == 0
    assert held(scene, code=M.AGREEMENTS_SIGNED) == 1
    assert in_step()


def test_the_day_on_which_it_ends_comes_near(begun: tuple[Scene, Agreement], monkeypatch: pytest.MonkeyPatch) -> None:
    scene, agreement = begun
    ends = agreement.expires_on
    assert ends
    assert held(scene, code=M.EXPIRING_90) == 0
    mine = select(OverviewShare.again_on).where(OverviewShare.kind == "agreement")
    assert db.session.scalar(mine) == ends - HORIZON
    make_clock(monkeypatch)(ends - timedelta(days=60))
    turn_the_day(today())
    assert [held(scene, code=code) for code in (M.EXPIRING_30, M.EXPIRING_60, M.EXPIRING_90)] == [0, 1, 1]
    assert db.session.scalar(mine) is None
    assert in_step()


def test_what_is_too_much_is_left_to_the_worker(
    begun: tuple[Scene, Agreement], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, agreement = begun
    monkeypatch.setattr(keeping, "MOST_ROWS", 3)
    with transaction():
        lifecycle.suspend(agreement, "整改", scene.bureau.leader)
    assert held(scene) == 1
    jobs = db.session.scalars(select(Job).where(Job.kind == FOLLOW_JOB)).all()
    for job in jobs:
        follow_later(job.payload)
        follow_later(job.payload)  # once more changes nothing
    assert held(scene) == 0
    assert in_step()


def test_a_great_many_records_are_too(begun: tuple[Scene, Agreement], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    scene, agreement = begun
    with transaction():
        lifecycle.suspend(agreement, "整改", scene.bureau.leader)
    payloads = [job.payload for job in db.session.scalars(select(Job).where(Job.kind == FOLLOW_JOB))]
    assert {one["kind"] for one in payloads} == {"agreement", "commitment"}
    for one in payloads:
        follow_later(one)
    assert in_step()


@pytest.mark.parametrize("what", ["place", "year"])
def test_when_places_or_working_days_change_everything_is_counted_anew(
    begun: tuple[Scene, Agreement], what: str
) -> None:
    scene, _agreement = begun
    with transaction():
        if what == "year":
            db.session.add(WorkdayYear(year=2031, source="国务院办公厅通知"))
        else:
            db.session.get_one(Region, "210300").is_reporting_locality = False
    ordered = select(Job).where(Job.kind == ENTER_JOB, Job.key == "reference")
    assert db.session.scalars(ordered).one().status is JobStatus.QUEUED
    checking.enter_all({})
    assert held(scene, "210300") == (1 if what == "year" else 0)
    assert in_step()


@pytest.mark.parametrize(
    ("first", "last", "ordered"), [(5000, 5000, 1), (4999, 5000, 1), (4998, 4999, 0), (5001, 5002, 0)]
)
def test_the_worker_folds_after_so_many_differences_however_few_come_at_a_time(
    app: Flask, first: int, last: int, ordered: int
) -> None:
    """And once more when their numbers begin anew."""
    with transaction():
        folding.want_folding(first, last)
        for job in db.session.scalars(select(Job).where(Job.kind == folding.FOLD_JOB)):
            job.status = JobStatus.DONE
    with transaction():
        folding.want_folding(first, last)
    jobs = db.session.scalars(select(Job).where(Job.kind == folding.FOLD_JOB)).all()
    assert [job.status for job in jobs] == [JobStatus.QUEUED] * ordered


def test_what_is_undone_leaves_nothing(begun: tuple[Scene, Agreement]) -> None:
    scene, agreement = begun

    def give_up() -> None:
        with transaction():
            lifecycle.suspend(agreement, "整改", scene.bureau.leader)
            db.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    assert held(scene) == 1
    with transaction():
        pass
    assert in_step()


def test_the_check_finds_and_repairs(app: Flask, begun: tuple[Scene, Agreement]) -> None:
    scene, agreement = begun
    run = app.test_cli_runner().invoke
    assert run(check_figures).exit_code == 0
    folding.fold_all()
    with transaction():
        db.session.execute(update(OverviewTotal).values(value=OverviewTotal.value + 1))
        db.session.execute(update(Agreement).where(Agreement.id == agreement.id).values(kind="strategic"))
        db.session.add(
            OverviewShare(kind="commitment", record_id=987_654, given=[[[1], [], [], [["x", 0, "", 1, 1, 0, 0]]]])
        )
    found = run(check_figures)
    assert found.exit_code == 1
    assert f"agreement {agreement.id}: kept" in found.output
    with pytest.raises(GiveUp):
        checking.check({})
    with transaction():
        enqueue(FOLLOW_JOB, "agreement:1").fail("broken", now())
    assert run(check_figures, ["--repair"]).exit_code == 0
    assert [job.status for job in db.session.scalars(select(Job).where(Job.kind == FOLLOW_JOB))] == [JobStatus.QUEUED]
    assert run(check_figures).exit_code == 0
    assert held(scene, code=M.AGREEMENTS_STRATEGIC) == 1


def test_all_records_are_added_up_after_the_upgrade(begun: tuple[Scene, Agreement]) -> None:
    scene, _agreement = begun
    assert checking.repair() > 0
    before = held(scene)
    checking.enter_all({})
    assert (held(scene), in_step()) == (before, True)


def test_a_record_counts_once_in_each_total() -> None:
    given = Given(frozenset({7}), frozenset({"a", "b"}), frozenset({3}), (Fact("m"), Fact("m", value=2)))
    moved: shares.Moved = {}
    shares.add(moved, shares.kept_of([given]))
    assert {(key[2], key[3]): sums[0] for key, sums in moved.items()} == {
        ("", 0): 3, ("a", 0): 3, ("b", 0): 3, ("", 3): 3, ("a", 3): 3, ("b", 3): 3,
    }  # fmt: skip
    shares.add(moved, shares.kept_of([given]), -1)
    assert moved == {}


@pytest.mark.parametrize(
    ("cut", "before", "year_before"),
    [
        (Cut(202303, 202303), (202302, 202302), (202203, 202203)),
        (Cut(202301, 202303), (202210, 202212), (202201, 202203)),
        (Cut(202211, 202302), (202207, 202210), (202111, 202202)),
    ],
)
def test_periods_before(cut: Cut, before: tuple[int, int], year_before: tuple[int, int]) -> None:
    assert (cut.before().first, cut.before().last) == before
    assert (cut.year_before().first, cut.year_before().last) == year_before
    assert list(cut.months)[-1] == cut.last
    assert cut.last_day.month == cut.last % 100


def test_a_period_that_is_over_tells_of_its_last_day() -> None:
    assert Cut(202302, 202302).stands_on(date(2023, 3, 1)) == date(2023, 2, 28)
    assert Cut(202303, 202304).stands_on(date(2023, 3, 1)) == date(2023, 3, 1)


def test_more_sums_than_fit_in_memory_are_made_and_compared_in_parts(
    begun: tuple[Scene, Agreement], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = [getattr(OverviewTotal, name) for name in (*KEY, *SUMS)]
    checking.repair()
    whole = db.session.execute(select(*columns).order_by(*columns)).all()
    monkeypatch.setattr(checking, "AT_A_TIME", 3)
    checking.repair()
    assert db.session.execute(select(*columns).order_by(*columns)).all() == whole
    assert in_step()
    with transaction():
        db.session.execute(update(OverviewTotal).values(value=OverviewTotal.value + 1))
    assert len(list(checking.differences())) == len(whole) > 10
