"""Sums are kept for organisations in which somebody has an account: what is written when the first one comes."""

import pytest
from sqlalchemy import delete, select

from registry.accounts.inputs import UserDetails
from registry.accounts.models import User
from registry.accounts.services import users
from registry.agreements.models import AgreementVisibility
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.dashboards.cut import Cut
from registry.dashboards.metrics.codes import MetricCode as M
from registry.dashboards.models import OverviewChange, OverviewTotal
from registry.dashboards.pending import ENTER_JOB, READER_JOB
from registry.dashboards.queries.figures import figures
from registry.dashboards.services import checking, folding, keeping
from registry.dashboards.services.readers import enter_reader
from registry.jobs.models import Job
from registry.jobs.registry import work_for
from registry.organisations.models import Organisation, OrganisationKind
from registry.organisations.services.oversight import rebuild_oversight
from tests.agreements.scene import make_scene
from tests.agreements.test_reorganising import Twice, make_twice
from tests.factories import make_organisation, make_region, make_user
from tests.states import Begin


def with_an_office_above() -> Organisation:
    """An agreement in force, seen by a department in which nobody has an account."""
    with transaction():
        make_region("210000", "辽宁省", "Liaoning")
        scene = make_scene()
        above = Organisation(name_zh="省厅", kind=OrganisationKind.HR_DEPARTMENT, region_code="210000")
        db.session.add(above)
        db.session.flush()
        scene.bureau.organisation.superior_id = above.id
        rebuild_oversight(scene.bureau.organisation.id)
        scene.in_force()
        return above


@pytest.fixture
def above(begin_with: Begin) -> Organisation:
    return begin_with(with_an_office_above)


def kept_for(organisation: Organisation) -> int:
    folding.fold_all()
    return len(
        db.session.scalars(select(OverviewTotal.metric).where(OverviewTotal.organisation_id == organisation.id)).all()
    )


def first_account(organisation: Organisation) -> User:
    with transaction():
        return make_user(Role.LEADER, organisation=db.session.get_one(Organisation, organisation.id))


def in_force(actor: User) -> object:
    return figures(actor, Cut.of_month(today()), [M.AGREEMENTS_IN_FORCE])[M.AGREEMENTS_IN_FORCE].value


def jobs() -> list[object]:
    return [job.payload for job in db.session.scalars(select(Job).where(Job.kind == READER_JOB).order_by(Job.id))]


def test_nothing_is_kept_for_whom_nobody_reads(above: Organisation) -> None:
    seen = select(AgreementVisibility.agreement_id).where(AgreementVisibility.organisation_id == above.id)
    assert db.session.scalars(seen).all()
    assert kept_for(above) == 0
    assert jobs() == []
    assert list(checking.differences()) == []


def test_the_first_account_finds_figures(above: Organisation) -> None:
    actor = first_account(above)
    assert in_force(actor) == 1
    assert jobs() == [{"organisation": above.id}]
    enter_reader(*jobs())  # type: ignore[arg-type]  # finds that all is done
    assert in_force(actor) == 1
    assert list(checking.differences()) == []


def test_a_second_account_changes_nothing(above: Organisation) -> None:
    first_account(above)
    with transaction():
        db.session.execute(delete(Job))
        db.session.execute(delete(OverviewChange))
    first_account(above)
    assert jobs() == []
    assert db.session.scalars(select(OverviewChange.id)).all() == []


def test_where_it_is_a_great_deal_the_worker_adds_up(above: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    actor = first_account(above)
    assert in_force(actor) == 0
    for payload in jobs():
        enter_reader(payload)  # type: ignore[arg-type]
    assert in_force(actor) == 1
    assert list(checking.differences()) == []


def test_an_account_that_is_given_up_at_once_leaves_nothing(above: Organisation) -> None:
    def give_up() -> None:
        with transaction():
            make_user(Role.LEADER, organisation=db.session.get_one(Organisation, above.id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up()
    with transaction():
        pass
    assert jobs() == []
    assert list(checking.differences()) == []


def move(person: User, organisation: Organisation) -> None:
    """Correct the organisation of an account, as the system administrator does."""
    with transaction():
        user, where = db.session.get_one(User, person.id), db.session.get_one(Organisation, organisation.id)
        users.edit(make_user(Role.SYSTEM_ADMIN), user, UserDetails(user.name, where.public_id), user.row_version)


def test_an_account_that_is_moved_finds_figures_and_leaves_none_behind(above: Organisation) -> None:
    with transaction():
        elsewhere = make_organisation("别处")
        person = make_user(Role.LEADER, organisation=elsewhere)
    move(person, above)
    assert in_force(person) == 1
    assert jobs() == [{"organisation": one.id} for one in (above, elsewhere)]
    assert list(checking.differences()) == []
    move(person, elsewhere)
    assert kept_for(above) == 0
    assert list(checking.differences()) == []


def test_whoever_moves_to_others_changes_nothing(above: Organisation) -> None:
    first_account(above)
    person = first_account(above)
    with transaction():
        second = make_user(Role.LEADER, organisation=make_organisation("别处"))
        make_user(organisation=second.organisation)
        db.session.execute(delete(Job))
        db.session.execute(delete(OverviewChange))
    move(second, above)
    move(person, second.organisation)
    assert jobs() == []
    assert db.session.scalars(select(OverviewChange.id)).all() == []


def test_so_much_is_added_up_in_one_lease(above: Organisation) -> None:
    """The first account of a province: everything."""
    assert work_for(READER_JOB).lease >= work_for(ENTER_JOB).lease


@pytest.fixture
def twice(begin_with: Begin) -> Twice:
    return begin_with(make_twice)


def test_accounts_that_move_to_another_record_take_the_figures_along(twice: Twice) -> None:
    bureau, other = twice.bureau, twice.other.organisation
    with transaction():
        twice.scene.in_force()
    before = kept_for(bureau)
    twice.merge()
    assert (before > 0, kept_for(bureau)) == (True, 0)
    assert kept_for(other) > 0
    assert list(checking.differences()) == []
    twice.part()
    assert kept_for(bureau) == before
    assert list(checking.differences()) == []
