"""Entering a station, its sides, its agreement, its contacts, and the states that founders decide."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.agreements.services import lifecycle
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.organisations.models import Contact, OrganisationKind
from registry.records.queries import history
from registry.workstations import queries
from registry.workstations.enums import WorkstationState
from registry.workstations.inputs import ContactChoice
from registry.workstations.models import Workstation
from registry.workstations.queries import LISTING, Filter, conditions
from registry.workstations.services import entry, moves
from tests.agreements.scene import Scene, Side, make_scene, make_side
from tests.factories import make_organisation, make_user

from .stations import days_ago, make_station, operating, record, station_input

S = WorkstationState


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def state(station: Workstation) -> WorkstationState:
    return station.state


def other_bureau() -> Side:
    return make_side("辽阳市人力资源和社会保障局", OrganisationKind.HR_BUREAU)


# Entering


def test_founders_and_host_see_it_and_nobody_else(scene: Scene) -> None:
    with transaction():
        station, stranger = make_station(scene), other_bureau()
    for person in (scene.bureau.handler, scene.university.handler):
        assert LISTING.get(station.public_id, person) is station
    with pytest.raises(NotFound):
        LISTING.get(station.public_id, stranger.handler)
    assert state(station) is S.PREPARING


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"founders": ()}, "founders"),
        ({"host": ""}, "host"),
        ({"host": "nothing"}, "host"),
        ({"unveiled_on": date(2099, 1, 1)}, "unveiled_on"),
        ({"term_from": date(2026, 2, 1), "term_until": date(2026, 1, 31)}, "term_until"),
        ({"agreement": "没有〔2026〕1号"}, "agreement"),
    ],
)
def test_what_cannot_be_is_refused(scene: Scene, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        make_station(scene, **changes)
    assert field in refused.value.fields
    assert db.session.query(Workstation).count() == 0


def test_only_a_university_is_its_host(scene: Scene) -> None:
    with transaction():
        other = other_bureau()
    with pytest.raises(Invalid) as refused, transaction():
        make_station(scene, host=other.organisation.public_id)
    assert list(refused.value.fields) == ["host"]


def test_the_keeper_is_one_of_the_founders(scene: Scene) -> None:
    with transaction():
        other = other_bureau()
    with pytest.raises(Invalid), transaction():
        make_station(scene, founders=(other.organisation.public_id,))


def test_who_oversees_a_founder_keeps_its_station(scene: Scene) -> None:
    keeper = scene.bureau.organisation
    with transaction():
        centre = make_organisation("鞍山市人才服务中心", OrganisationKind.TALENT_CENTRE, overseers=(keeper,))
        station = make_station(scene, founders=(centre.public_id,))
    assert (station.owner, [one.organisation for one in station.founders]) == (keeper, [centre])


def test_several_founders_own_it_alike_and_may_change_places(scene: Scene) -> None:
    with transaction():
        other, third = other_bureau(), make_side("本溪市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
        ids = [one.organisation.public_id for one in (scene.bureau, other, third)]
        station = make_station(scene, founders=tuple(ids))
    with transaction():
        entry.edit(station, station_input(scene, founders=(ids[2], ids[0])), other.handler)
    db.session.expire_all()
    assert [one.organisation.public_id for one in station.founders] == [ids[2], ids[0]]
    with pytest.raises(NotFound):
        LISTING.get(station.public_id, other.handler)
    with transaction():
        moves.start(station, None, third.leader)
    assert state(station) is S.OPERATING


@pytest.mark.parametrize("role", [Role.LEADER, Role.SIGNATORY, Role.LEGAL_OFFICER])
def test_handlers_and_section_heads_enter(scene: Scene, role: Role) -> None:
    with pytest.raises(Forbidden), transaction():
        entry.enter(station_input(scene), scene.bureau.people[role])


def test_the_host_and_who_oversees_only_read(scene: Scene) -> None:
    with transaction():
        department = make_organisation("辽宁省人力资源和社会保障厅", OrganisationKind.HR_DEPARTMENT)
        above = make_user(Role.SECTION_HEAD, Role.HANDLER, Role.LEADER, organisation=department)
        bureau = make_organisation("测试局", overseers=(department,))
        handler = make_user(organisation=bureau)
        station = entry.enter(station_input(scene, founders=(bureau.public_id,)), handler)
    assert LISTING.get(station.public_id, above) is station
    for person in (above, scene.university.handler):
        with pytest.raises(Forbidden), transaction():
            entry.edit(station, station_input(scene, founders=(bureau.public_id,)), person)
    with pytest.raises(Forbidden), transaction():
        moves.start(station, None, above)


def test_money_is_kept_to_the_yuan_and_told_in_ten_thousands(scene: Scene) -> None:
    with transaction():
        station = make_station(scene, fund_wan=Decimal("12.35"))
    db.session.expire_all()
    assert (station.fund_yuan, station.fund_wan) == (123_500, Decimal("12.35"))


# Its agreement


def test_an_agreement_is_linked_that_the_writer_sees(scene: Scene) -> None:
    with transaction():
        signed, draft = scene.in_force(), scene.draft()
    with transaction():
        station = make_station(scene, agreement=signed.number)
    assert station.agreement is signed
    rows = queries.stations_of(signed.id, scene.university.handler)
    assert [row.public_id for row in rows] == [station.public_id]
    with transaction():
        stranger = other_bureau()
    assert queries.stations_of(signed.id, stranger.handler) == []
    own = replace(station_input(scene), founders=(stranger.organisation.public_id,), agreement=draft.public_id)
    with pytest.raises(Invalid), transaction():
        entry.enter(own, stranger.handler)


def test_an_agreement_that_the_editor_does_not_see_stays(scene: Scene) -> None:
    with transaction():
        other = other_bureau()
        draft = scene.draft()
        ids = tuple(one.organisation.public_id for one in (scene.bureau, other))
        station = make_station(scene, founders=ids, agreement=draft.public_id)
    assert not queries.sees_agreement(other.handler, station)
    with transaction():
        entry.edit(station, station_input(scene, founders=ids), other.handler)
    assert station.agreement is draft
    with transaction():
        entry.edit(station, station_input(scene, founders=ids), scene.bureau.handler)
    assert station.agreement is None


def test_a_void_agreement_is_none(scene: Scene) -> None:
    with transaction():
        draft = scene.draft()
        lifecycle.void(draft, "重复录入", scene.bureau.leader)
    with pytest.raises(Invalid), transaction():
        make_station(scene, agreement=draft.public_id)


# Contacts


def contact(side: Side, name: str = "测试联络员") -> Contact:
    found = Contact(organisation_id=side.organisation.id, recorded_by_id=side.organisation.id, name=name)
    db.session.add(found)
    db.session.flush()
    return found


def test_each_side_names_its_liaison_and_founders_the_head(scene: Scene) -> None:
    with transaction():
        station = make_station(scene)
        ours, theirs = contact(scene.bureau), contact(scene.university)
    bureau, university = scene.bureau.organisation.public_id, scene.university.organisation.public_id
    with transaction():
        entry.name_contact(station, ContactChoice(bureau, ours.public_id), scene.bureau.handler)
        entry.name_contact(station, ContactChoice(university, theirs.public_id), scene.university.handler)
        entry.name_contact(station, ContactChoice("head", theirs.public_id), scene.bureau.handler)
    assert (station.founders[0].liaison, station.host_liaison, station.head) == (ours, theirs, theirs)
    refused = [
        (ContactChoice(bureau, ours.public_id), scene.university.handler, Forbidden),
        (ContactChoice("head", theirs.public_id), scene.university.handler, Forbidden),
        (ContactChoice(bureau, theirs.public_id), scene.bureau.handler, Invalid),
        (ContactChoice("nobody", ours.public_id), scene.bureau.handler, NotFound),
    ]
    for choice, person, error in refused:
        with pytest.raises(error), transaction():
            entry.name_contact(station, choice, person)
    with transaction():
        entry.name_contact(station, ContactChoice(university), scene.bureau.handler)
    assert station.host_liaison is None
    said = [row.changes for row in history(station) if "liaison" in row.changes]
    assert ours.name not in str(said)


# States


def test_it_begins_with_the_unveiling_or_with_a_day_of_its_own(scene: Scene) -> None:
    with transaction():
        unveiled, plain = make_station(scene), make_station(scene, unveiled_on=None)
        moves.start(unveiled, None, scene.bureau.section_head)
    assert (state(unveiled), unveiled.started_on) == (S.OPERATING, unveiled.unveiled_on)
    for day in (None, date(2099, 1, 1)):
        with pytest.raises(Invalid) as refused, transaction():
            moves.start(plain, day, scene.bureau.leader)
        assert list(refused.value.fields) == ["started_on"]
    with transaction():
        moves.start(plain, days_ago(5), scene.bureau.leader)
    assert (plain.started_on, plain.sort_on, plain.quiet_since) == (days_ago(5),) * 3


def test_the_start_follows_an_unveiling_that_is_corrected(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
    with transaction():
        entry.edit(station, station_input(scene, unveiled_on=days_ago(20)), scene.bureau.handler)
    assert (station.started_on, station.running_since, station.quiet_since) == (days_ago(20),) * 3


MOVES = {"rectify": moves.rectify, "resume": moves.resume, "suspend": moves.suspend, "withdraw": moves.withdraw}
ALLOWED = {
    S.PREPARING: {"withdraw": S.WITHDRAWN},
    S.OPERATING: {"rectify": S.RECTIFYING, "suspend": S.SUSPENDED},
    S.RECTIFYING: {"resume": S.OPERATING, "suspend": S.SUSPENDED, "withdraw": S.WITHDRAWN},
    S.SUSPENDED: {"resume": S.OPERATING, "withdraw": S.WITHDRAWN},
    S.WITHDRAWN: {},
}


def brought(scene: Scene, to: WorkstationState) -> Workstation:
    leader = scene.bureau.leader
    station = make_station(scene) if to is S.PREPARING else operating(scene)
    if to in (S.SUSPENDED, S.WITHDRAWN):
        moves.suspend(station, "停办", leader)
    if to is S.WITHDRAWN:
        moves.withdraw(station, "不再需要", leader)
    if to is S.RECTIFYING:
        moves.rectify(station, "无活动计划", leader)
    return station


@pytest.mark.parametrize("begin", list(S))
def test_every_move_from_every_state(scene: Scene, begin: WorkstationState) -> None:
    for name, act in MOVES.items():
        with transaction():
            station = brought(scene, begin)
        wanted = ALLOWED[begin].get(name)
        if wanted is None:
            with pytest.raises(Conflict), transaction():
                act(station, "理由", scene.bureau.leader)
            continue
        with pytest.raises(Invalid), transaction():
            act(station, " ", scene.bureau.leader)
        with transaction():
            act(station, "理由", scene.bureau.leader)
        assert (state(station), station.state_reason, station.state_since) == (wanted, "理由", today())
        assert (station.quiet_since is None) == (not station.is_running)


def people(scene: Scene) -> list[User]:
    return [scene.bureau.handler, scene.bureau.signatory, scene.university.leader]


def test_only_leading_people_of_founders_decide(scene: Scene) -> None:
    with transaction():
        station = brought(scene, S.RECTIFYING)
    for act in (moves.resume, moves.suspend, moves.withdraw):
        for person in people(scene):
            with pytest.raises(Forbidden), transaction():
                act(station, "理由", person)
    with pytest.raises(Forbidden), transaction():
        moves.withdraw(station, "理由", scene.bureau.section_head)


def test_a_pause_is_no_silence(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        record(scene, station, days_ago(200))
        moves.suspend(station, "假期", scene.bureau.leader)
    assert station.quiet_since is None
    with transaction():
        moves.resume(station, "开学", scene.bureau.leader)
    assert station.quiet_since == today()
    assert station.last_active_on == days_ago(200)


def test_a_withdrawn_station_changes_no_more(scene: Scene) -> None:
    with transaction():
        station = brought(scene, S.WITHDRAWN)
    with pytest.raises(Conflict), transaction():
        entry.edit(station, station_input(scene), scene.bureau.handler)


# The list


def test_the_list_is_narrowed(scene: Scene) -> None:
    with transaction():
        station = operating(scene, number="ZD-1", term_until=today())
        record(scene, station, days_ago(10))
        silent = operating(scene, title_zh="静默站")
    host, founder = scene.university.organisation.public_id, scene.bureau.organisation.public_id

    def found(**wanted: object) -> list[str]:
        narrowing = conditions(Filter(**wanted), today())  # type: ignore[arg-type]  # any field of the filter
        return sorted(row.title_zh for row in LISTING.page(scene.bureau.handler, narrowing, 0, 9))

    both = sorted([station.title_zh, silent.title_zh])
    assert found() == found(host=host) == found(founder=founder) == found(region="210300") == both
    assert found(state=S.OPERATING) == found(kind=station.kind) == both
    assert found(host=founder) == found(founder=host) == found(region="210100") == found(state=S.SUSPENDED) == []
    assert found(region="610100") == []  # the host's town gains nothing
    assert found(is_standing=True) == both
    assert found(text="zd-1") == found(mark="active") == found(mark="expiring") == [station.title_zh]
    assert found(text="静默") == found(mark="silent") == [silent.title_zh]
    assert found(text="西北工业") == both
    assert found(mark="proposed") == []
    counts = queries.count_marks(scene.bureau.handler, today(), 9)
    assert {str(mark): number for mark, number in counts.items()} == {
        "active": 1,
        "silent": 1,
        "expiring": 1,
        "proposed": 0,
    }
