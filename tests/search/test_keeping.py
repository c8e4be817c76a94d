"""The index follows whatever happens to records and to organisations, in the same transaction."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from registry.accounts.models import User
from registry.agreements.inputs_events import EventDetails
from registry.agreements.services import entry, events, lifecycle
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.jobs.models import Job
from registry.organisations.inputs import MergeOrder, Renaming
from registry.organisations.models import Organisation, OrganisationKind, Region
from registry.organisations.services import merging, names, organisations
from registry.organisations.services.oversight import rebuild_oversight
from registry.search.models import SearchEntry
from registry.search.services import index, jobs, keeping
from registry.search.services.rebuilding import Difference, differences, enter, rebuild
from tests.agreements.scene import Scene, make_scene, make_side
from tests.factories import make_organisation, make_user
from tests.mechanisms.meetings import make_mechanism
from tests.states import Begin

from .looking import assert_in_step, groups, titles

TITLE = "鞍山市与西北工业大学校地合作框架协议"


def make() -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def scene(begin_with: Begin) -> Scene:
    return begin_with(make)


def rename(organisation: Organisation, name: str, head: User) -> None:
    with transaction():
        organisations.rename(head, organisation, Renaming(name, "", date(2026, 1, 1), False), organisation.row_version)


def head_of(organisation: Organisation) -> User:
    with transaction():
        return make_user(Role.SECTION_HEAD, organisation=organisation)


FOUND = (
    "框架", "鞍", "西北工业", "框架 西北", "xibeigongye", "XBGYDX", "assyxbg", "合作框架协议", "dx", "ａｎｓｈａｎ",
    "，鞍山市；西北工业大学！",
)  # fmt: skip
NOT_FOUND = ("框架大学", "西北框架", "沈阳", "xbgydxz", "zz", "", " ", "%", "_", '"', "\x00")


def test_an_agreement_is_found_by_title_and_parties_and_by_nothing_else(scene: Scene) -> None:
    with transaction():
        scene.draft()
    found = {typed: titles(scene.bureau.handler, typed, "agreement") for typed in (*FOUND, *NOT_FOUND)}
    assert found == {typed: [TITLE] if typed in FOUND else [] for typed in found}


def test_a_draft_is_found_by_its_owner_only_and_by_the_other_side_once_it_is_shown(scene: Scene) -> None:
    with transaction():
        agreement = scene.draft()
    assert titles(scene.university.handler, "框架") == []
    assert titles(scene.bureau.handler, "框架") == [TITLE]
    with transaction():
        scene.pass_review(agreement)
    assert titles(scene.university.handler, "框架") == [TITLE]
    assert titles(make_user_of_stranger(), "框架") == []
    assert_in_step()


def make_user_of_stranger() -> User:
    with transaction():
        return make_user(Role.HANDLER, organisation=make_organisation("沈阳市人力资源和社会保障局"))


def test_a_new_title_replaces_the_old_and_voiding_shows(scene: Scene) -> None:
    with transaction():
        agreement = scene.draft()
    with transaction():
        entry.edit(agreement, scene.draft_input(title_zh="鞍山市与西北工业大学人才合作备忘"), scene.bureau.handler)
    assert titles(scene.bureau.handler, "框架") == []
    assert titles(scene.bureau.handler, "备忘") == ["鞍山市与西北工业大学人才合作备忘"]
    with transaction():
        lifecycle.void(agreement, "不再签订", scene.bureau.leader)
    (group,) = groups(scene.bureau.handler, "备忘")
    assert [row.state for row in group.rows] == ["void"]
    assert_in_step()


def test_its_number_is_found_with_and_without_signs(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
    number = agreement.number or ""
    assert "〔" in number
    plain = "".join(one if one.isalnum() else " " for one in number)
    for typed in (number, plain, number.replace("〔", "(").replace("〕", ")")):
        assert titles(scene.university.handler, typed) == [TITLE]


def test_records_are_found_by_old_and_new_names_of_who_takes_part(scene: Scene) -> None:
    with transaction():
        scene.draft()
        make_mechanism(scene)
    school = scene.university.organisation
    head = head_of(school)
    rename(school, "西北理工大学", head)
    for typed in ("西北理工", "西北工业", "xbl", "xibeiligong"):
        assert len(titles(scene.bureau.handler, typed)) == 3, typed  # itself, the agreement, the mechanism
    with transaction():
        names.add_alias(head, school, "西飞校")
    assert len(titles(scene.bureau.handler, "西飞校")) == 3
    with transaction():
        names.remove_alias(head, school, "西飞校", school.row_version)
    assert titles(scene.bureau.handler, "西飞校") == []
    assert_in_step()


def test_many_records_are_brought_in_step_by_the_worker(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    monkeypatch.setattr(jobs, "CHUNK", 2)
    with transaction():
        for number in range(5):
            make_mechanism(scene, title_zh=f"对接机制{number}")
    school = scene.university.organisation
    rename(school, "西北理工大学", head_of(school))
    assert titles(scene.bureau.handler, "西北理工", "mechanism") == []
    jobs.reach({"organisation": school.id})
    assert len(titles(scene.bureau.handler, "西北理工", "mechanism")) == 5
    assert_in_step()


def test_very_many_new_records_are_entered_by_the_worker(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_NEW", 2)
    monkeypatch.setattr(keeping, "CHUNK", 2)
    with transaction():
        made = [make_mechanism(scene, title_zh=f"对接机制{number}") for number in range(5)]
    by, wanted = scene.bureau.handler, select(Job.payload).where(Job.kind == keeping.FOLLOW_JOB).order_by(Job.id)
    assert titles(by, "对接机制", "mechanism") == []
    payloads = db.session.scalars(wanted).all()
    assert [len(one["records"]) for one in payloads] == [2, 2, 1]
    for payload in payloads:
        jobs.follow(payload)
    assert len(titles(by, "对接机制", "mechanism")) == 5
    with transaction():  # what has an entry is never put off
        for one in made:
            one.title_zh = f"交流{one.title_zh}"
    assert len(titles(by, "交流", "mechanism")) == 5
    assert_in_step()


def test_the_daily_look_repairs_names_that_two_writers_missed(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene)
    with transaction():
        db.session.execute(update(SearchEntry).where(SearchEntry.kind == "mechanism").values(parties_zh="旧名"))
    jobs.put_right(date(2100, 1, 1))
    assert len(list(differences())) == 1
    jobs.put_right(date.today())  # noqa: DTZ011 - two days are looked at
    assert_in_step()


def test_whoever_comes_to_stand_above_finds_it_and_whoever_no_longer_does_does_not(scene: Scene) -> None:
    with transaction():
        scene.draft()
        make_mechanism(scene)
        events.create(EventDetails("鞍山签约仪式"), scene.bureau.handler)
        above = make_organisation("上级单位", OrganisationKind.OTHER)
        leader = make_user(Role.LEADER, organisation=above)
    assert titles(leader, "鞍山签约") == []
    with transaction():
        scene.bureau.organisation.superior_id = above.id
        rebuild_oversight()
    assert len(titles(leader, "鞍山", "agreement") + titles(leader, "对接", "mechanism")) == 2
    assert titles(leader, "鞍山签约") == ["鞍山签约仪式"]
    assert_in_step()
    with transaction():
        scene.bureau.organisation.superior_id = None
        rebuild_oversight()
    assert titles(leader, "鞍山", "agreement") == titles(leader, "对接", "mechanism") == titles(leader, "签约") == []
    assert_in_step()


def test_an_event_is_found_by_whoever_sees_one_of_its_agreements(scene: Scene) -> None:
    with transaction():
        event = events.create(EventDetails("签约仪式", place="鞍山胜利会堂"), scene.bureau.handler)
        agreement = scene.negotiation()
    assert titles(scene.university.handler, "胜利会堂") == []
    with transaction():
        events.add(event, agreement, scene.bureau.handler)
    assert titles(scene.university.handler, "胜利会堂") == ["签约仪式"]
    with transaction():
        events.remove(event, agreement, scene.bureau.handler)
    assert titles(scene.university.handler, "胜利会堂") == []
    assert_in_step()


def test_an_event_is_left_also_by_an_agreement_that_was_not_read_before(scene: Scene) -> None:
    with transaction():
        event = events.create(EventDetails("签约仪式"), scene.bureau.handler)
        agreement = scene.negotiation()
        events.add(event, agreement, scene.bureau.handler)
    with transaction():
        db.session.expire_all()
        agreement.signing_event_id = agreement.signing_position = None
    assert titles(scene.university.handler, "签约仪式") == []
    assert_in_step()


def test_a_merged_organisation_is_found_as_the_other_and_its_records_too(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene)
        other = make_side("西工大航天学院", OrganisationKind.UNIVERSITY)
        above = make_organisation("高校主管部门", OrganisationKind.OTHER)
        scene.university.organisation.superior_id = other.organisation.superior_id = above.id
        head = make_user(Role.SECTION_HEAD, organisation=above)
        rebuild_oversight()
    school, survivor = scene.university.organisation, other.organisation
    preview = merging.look(head, school, survivor.public_id)
    with transaction():
        merging.merge(head, school, MergeOrder(survivor.public_id, "重复", {}, preview.digest), school.row_version)
    assert titles(scene.bureau.handler, "西北工业大学", "organisation") == ["西工大航天学院"]
    assert len(titles(other.handler, "西北工业", "mechanism")) == 1
    assert len(titles(scene.bureau.handler, "航天学院", "mechanism")) == 1
    assert_in_step()
    with transaction():
        merging.part(head, school, "并非重复", school.row_version)
    assert titles(scene.bureau.handler, "西北工业大学", "organisation") == ["西北工业大学"]
    assert titles(scene.bureau.handler, "航天学院", "mechanism") == titles(other.handler, "西北", "mechanism") == []
    assert_in_step()


def test_a_region_called_otherwise_is_told_beside_its_organisations(scene: Scene) -> None:
    """As `load-reference` writes it."""
    with transaction():
        region = db.session.get_one(Region, scene.bureau.organisation.region_code)
        region.name_zh = "鞍山新区"
    (group,) = groups(scene.bureau.handler, scene.bureau.organisation.name_zh, kind="organisation")
    assert group.rows[0].parties_zh == "鞍山新区"
    assert_in_step()


def _break_off(scene: Scene) -> None:
    with transaction():
        make_mechanism(scene)
        raise ZeroDivisionError


def test_what_is_undone_is_not_entered(scene: Scene) -> None:
    with pytest.raises(ZeroDivisionError):
        _break_off(scene)
    assert keeping.TOUCHED not in db.session().info
    assert titles(scene.bureau.handler, "对接机制") == []
    assert_in_step()


def test_a_whole_name_or_number_comes_first_then_titles_then_the_newest(scene: Scene) -> None:
    with transaction():
        make_organisation("西北工业大学附属中学", OrganisationKind.OTHER)
        scene.draft(title_zh="校地合作框架协议")
        scene.draft(title_zh=TITLE)
    assert titles(scene.bureau.handler, "西北工业大学", "organisation")[0] == "西北工业大学"
    assert titles(scene.bureau.handler, "西北工业大学", "agreement") == [TITLE, "校地合作框架协议"]


def spoil(problem: str) -> None:
    kind = SearchEntry.kind == "organisation"
    number = db.session.scalars(db.select(SearchEntry.id).where(kind)).first()
    statements = {
        "missing": delete(SearchEntry).where(SearchEntry.id == number),
        "other title_zh": update(SearchEntry).where(SearchEntry.id == number).values(title_zh="别的"),
        "left over": update(SearchEntry).where(SearchEntry.id == number).values(record_id=10_000),
        "not in the index": update(SearchEntry).where(SearchEntry.id == number).values(id=10_000),
    }
    with transaction():
        db.session.execute(statements[problem])


@pytest.mark.parametrize("problem", ["missing", "other title_zh", "left over", "not in the index"])
def test_the_check_finds_what_is_out_of_step_and_rebuilding_puts_it_right(scene: Scene, problem: str) -> None:
    spoil(problem)
    found = list(differences())
    assert problem in [one.problem for one in found]
    assert all(isinstance(one, Difference) for one in found)
    tallies = {tally.kind: tally.entries for tally in rebuild()}
    assert tallies["organisation"] == 2
    assert_in_step()


def test_a_registry_that_could_not_be_searched_is_entered_whole(scene: Scene) -> None:
    with transaction():
        scene.draft()
        make_mechanism(scene)
    list(rebuild())
    with transaction():
        index.clear()
        db.session.execute(delete(SearchEntry))
    assert titles(scene.bureau.handler, "鞍山") == []
    jobs.enter_all({})
    jobs.enter_all({})
    assert len(titles(scene.bureau.handler, "西北工业")) == 3
    assert sum(tally.entries for tally in enter()) == 4
    assert_in_step()
