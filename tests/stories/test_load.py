"""Loading the stories: once, by whom, what it makes, and that a second run makes nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import User
from registry.activities.models import Activity, ActivityFigure, ActivityOutcome, ActivityParty
from registry.activities.queries.listing import Filter, conditions
from registry.activities.queries.totals import totals
from registry.activities.services import entry as activities
from registry.agreements import queries
from registry.agreements.models import Agreement, AgreementStatus, SigningEvent
from registry.agreements.queries import Share
from registry.agreements.services import entry
from registry.audit.verify import verify
from registry.core.db import db, transaction
from registry.core.errors import Forbidden, Invalid
from registry.demo.launch import enter_launch
from registry.demo.mechanisms import enter_mechanisms
from registry.demo.stories import enter_stories
from registry.mechanisms.enums import Stage, WrittenForm
from registry.mechanisms.models import DockingMechanism
from registry.organisations.models import Organisation
from registry.records.reference import ReferenceEntry, enter, entered
from registry.relationships.enums import Level
from registry.relationships.models import Relationship
from registry.stories import agreements, mechanisms
from registry.stories.load import load_stories
from registry.workstations.enums import WorkstationState
from registry.workstations.models import Workstation
from tests.demo.conftest import reference_and_people
from tests.states import Begin

from .lines import lines_of

TABLES = (
    Agreement, SigningEvent, DockingMechanism, Workstation, Activity, ActivityFigure, ActivityOutcome, Organisation,
)  # fmt: skip
SIGNED = [line for line in lines_of("agreements") if line["record_kind"] == "signed_agreement"]


def with_stories() -> dict[str, User]:
    """The stories, entered by the province's handler and confirmed by its section head."""
    people = reference_and_people()
    load_stories(people["liaoning.handler"], people["liaoning.section_head"])
    return people


@pytest.fixture
def loaded(begin_with: Begin) -> dict[str, User]:
    """The same, made once."""
    return begin_with(with_stories)


def counts() -> dict[str, int]:
    """How many there are of each."""
    return {table.__name__: db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def titled(title: str) -> Agreement:
    """The agreement of that name."""
    return db.session.scalars(select(Agreement).where(Agreement.title_zh == title)).one()


def test_every_signed_agreement_is_a_historic_record_and_nothing_else_is(loaded: dict[str, User]) -> None:
    found = db.session.scalars(select(Agreement)).all()
    assert sorted(one.title_zh for one in found) == sorted(line["title_zh"] for line in SIGNED)
    assert all(one.is_historic and one.source for one in found)
    assert {one.status for one in found} == {AgreementStatus.IN_FORCE}
    framework = titled("鞍山市与西北工业大学校地合作框架协议")
    assert (framework.signed_on, framework.signing_place, framework.parties[0].organisation) == (None, "", None)
    strategic = titled("东北三省一区高校毕业生就业战略合作协议")
    assert [party.name[:2] for party in strategic.parties] == ["辽宁", "吉林", "黑龙", "内蒙"]


def test_the_launch_is_one_signing_event_with_sixteen_and_an_activity(loaded: dict[str, User]) -> None:
    (event,) = db.session.scalars(select(SigningEvent)).all()
    found = queries.programme_of(event, loaded["liaoning.viewer"]).agreements
    assert len(found) == 16
    assert found[0].title_zh == "东北三省一区高校毕业生就业战略合作协议"
    assert {one.parties[1].name for one in found[1:]} == {"待补高校"}
    assert {one.title_en for one in found[1:]} == {line["title_en"] for line in SIGNED if "未载明" in line["party_b"]}
    (launch,) = db.session.scalars(select(Activity).where(Activity.signing_event_id == event.id)).all()
    assert {(one.subject_kind, one.subject_public_id) for one in launch.outcomes} == {
        ("agreement", one.public_id) for one in found
    }


def test_fifteen_localities_are_covered_and_no_university(people: dict[str, User]) -> None:
    before = db.session.scalar(select(func.count(Organisation.id)))
    load_stories(people["liaoning.handler"])
    reader = people["liaoning.viewer"]
    assert queries.coverage(reader).localities == Share(0, 15)  # they wait for a second person
    assert {one.status for one in db.session.scalars(select(Agreement))} == {AgreementStatus.RECORDED_PENDING}
    run, confirmed = load_stories(people["liaoning.handler"], people["liaoning.section_head"])
    assert (confirmed, sum(tally.added for tally in run.tallies.values())) == (17, 0)
    found = queries.coverage(reader)
    assert (found.localities, found.details, found.universities) == (Share(15, 15), Share(0, 15), Share(0, 112))
    assert queries.count_signed(reader, date(2023, 3, 1), date(2023, 3, 31)) == 16
    assert queries.count_signed(reader, date(2023, 4, 1), date(2026, 12, 31)) == 0
    assert db.session.scalar(select(func.count(Organisation.id))) == before  # nobody was invented


def test_who_took_part_is_found_in_the_directory(loaded: dict[str, User]) -> None:
    found = db.session.scalars(select(ActivityParty)).all()
    assert len(found) == sum(
        len([name for column in ("organizers", "host", "participants") for name in line[column].split(";") if name])
        for line in lines_of("events")
    ) + len(("辽宁省人社系统", "清华大学", "北京大学"))
    assert {one.name_as_reported for one in found} == {"", "辽宁省人社系统"}


def test_the_mechanism_is_preliminary_and_without_paper(loaded: dict[str, User]) -> None:
    (found,) = db.session.scalars(select(DockingMechanism)).all()
    assert (found.stage, found.written_form, found.agreement_id) == (Stage.PRELIMINARY, WrittenForm.NONE, None)
    assert [party.name_as_reported for party in found.parties] == ["沈阳市（签约主体待核）", ""]


def test_the_workstation_waits_for_what_is_not_told(loaded: dict[str, User]) -> None:
    (found,) = db.session.scalars(select(Workstation)).all()
    assert (found.state, found.unveiled_on, found.term_until) == (WorkstationState.PREPARING, None, None)
    assert [one.organisation.name_zh for one in found.founders] == ["辽宁省就业和人才服务中心"]
    assert (found.host.name_zh, found.owner.name_zh) == ("西北大学", "辽宁省人力资源和社会保障厅")
    assert found.agreement_id is None


def test_who_neither_founded_nor_oversees_enters_nothing(people: dict[str, User]) -> None:
    with pytest.raises(Invalid):
        load_stories(people["nwpu.handler"])
    assert sum(counts().values()) == counts()["Organisation"]


def test_prospects_are_contact_and_no_agreement(loaded: dict[str, User]) -> None:
    school = db.session.scalars(select(Organisation).where(Organisation.name_zh == "辽宁工业大学")).one()
    found = db.session.scalars(select(Relationship).where(Relationship.university_id == school.id)).all()
    assert {one.locality_code: one.level for one in found} == {
        "331000": Level.CONTACT,  # 玉环, of 台州
        "330200": Level.CONTACT,  # 余姚, of 宁波
        "21Z002": Level.CONTACT,  # 大连高新区
    }
    (meeting,) = db.session.scalars(select(Activity).where(Activity.title_zh.startswith("辽宁工业大学2022届"))).all()
    assert meeting.notes.count("（拟深化）：会议表示继续深化合作，未提及协议") == 3
    assert meeting.outcomes == []


def test_nothing_is_counted_twice_nor_a_plan_as_held(loaded: dict[str, User]) -> None:
    found = totals(loaded["liaoning.viewer"], conditions(Filter()))
    shown = {str(code): [(int(one.value or 0), str(one.unit)) for one in sums] for code, sums in found.items()}
    assert shown["activities"] == [(12, "events")]  # ten of the series, the fair of the launch, the matchmaking
    assert sorted(shown["employers"]) == [(237, "enterprises"), (1637, "enterprise_times")]
    assert shown["positions"] == [(67_859, "positions")]
    assert shown["cooperation_intentions"] == [(100, "intentions")]
    assert "other" not in shown


def test_a_second_run_adds_nothing(loaded: dict[str, User]) -> None:
    before = counts()
    run, confirmed = load_stories(loaded["liaoning.handler"], loaded["liaoning.section_head"])
    assert {name: tally.added for name, tally in run.tallies.items()} == dict.fromkeys(run.tallies, 0)
    assert run.tallies["agreements"].present == len(SIGNED)
    assert (counts(), confirmed) == (before, 0)
    assert verify().is_good


def test_the_demonstration_and_the_stories_make_the_same_records(people: dict[str, User]) -> None:
    enter_stories(people)
    enter_launch(people)
    enter_mechanisms(people)
    before = counts()
    run, _confirmed = load_stories(people["liaoning.handler"], people["liaoning.section_head"])
    after = counts()
    same = ("Agreement", "SigningEvent", "DockingMechanism")
    assert [after[name] for name in same] == [before[name] for name in same]
    assert (run.tallies["agreements"].added, run.tallies["activities"].added) == (0, 18)
    assert run.tallies["workstations"].added == 1
    assert titled("鞍山市与西北工业大学校地合作框架协议").owner.name_zh.startswith("鞍山")


@pytest.mark.parametrize("stops", [(mechanisms, "load"), (activities, "enter")], ids=["mechanism", "activity"])
def test_an_interrupted_run_goes_on(
    stops: tuple[object, str], people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(*stops, _third_time(getattr(*stops)))
        with pytest.raises(KeyboardInterrupt):
            load_stories(people["liaoning.handler"], people["liaoning.section_head"])
    load_stories(people["liaoning.handler"], people["liaoning.section_head"])
    found = counts()
    assert (found["Agreement"], found["Activity"], found["ActivityFigure"]) == (17, 18, 39)
    assert (found["DockingMechanism"], found["Workstation"], found["ActivityOutcome"]) == (1, 1, 19)
    assert {one.status for one in db.session.scalars(select(Agreement))} == {AgreementStatus.IN_FORCE}


def test_what_is_entered_after_its_activity_is_linked_later(
    people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(mechanisms, "load", lambda _run: None)
        load_stories(people["liaoning.handler"])
    (linked,) = [run.tallies["links"] for run, _confirmed in [load_stories(people["liaoning.handler"])]]
    assert (linked.added, linked.present) == (1, 19)
    assert counts()["ActivityOutcome"] == 19


def test_what_people_changed_is_left_alone(people: dict[str, User]) -> None:
    load_stories(people["liaoning.handler"])
    framework = titled("鞍山市与西北工业大学校地合作框架协议")
    given = agreements.historic(agreements.singles()[0])
    with transaction():
        entry.correct(framework, given, people["liaoning.handler"])
        db.session.scalars(select(Activity).limit(1)).one().title_zh = "更名"
    _run, confirmed = load_stories(people["liaoning.handler"], people["liaoning.section_head"])
    assert confirmed == 16
    assert framework.status is AgreementStatus.RECORDED_PENDING  # whoever confirms it has to see what changed
    assert db.session.scalar(select(func.count(Activity.id)).where(Activity.title_zh == "更名")) == 1


@pytest.mark.parametrize(
    ("by", "second"),
    [
        ("liaoning.viewer", None),
        ("liaoning.section_head", None),
        ("admin.system", None),
        ("liaoning.handler", "liaoning.handler"),
        ("liaoning.handler", "liaoning.leader"),
        ("liaoning.handler", "anshan.section_head"),
    ],
)
def test_the_wrong_people_are_refused_before_anything_is_written(
    by: str, second: str | None, people: dict[str, User]
) -> None:
    with pytest.raises(Forbidden):
        load_stories(people[by], people[second] if second else None)
    assert db.session.scalar(select(func.count()).select_from(ReferenceEntry)) == 0
    assert counts()["Agreement"] == 0


def test_a_line_is_entered_once(loaded: dict[str, User]) -> None:
    agreement = titled("鞍山市与西北工业大学校地合作框架协议")
    found = entered("AG-001")
    assert found
    assert (found.subject_kind, found.subject_public_id) == ("agreement", agreement.public_id)
    assert entered("AG-021") is entered("AG-025") is entered("AG-999") is None
    db.session.expunge(found)
    with pytest.raises(IntegrityError), transaction():
        enter("AG-001", "agreement", agreement)


def _third_time(real: Callable[..., object]) -> Callable[..., object]:
    calls = []

    def stopping(*given: object, **named: object) -> object:
        calls.append(1)
        if len(calls) == 3 or real.__name__ == "load":
            raise KeyboardInterrupt
        return real(*given, **named)

    return stopping
