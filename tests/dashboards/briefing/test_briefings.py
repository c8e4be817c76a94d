"""Drawing up, changing, issuing: who may, what is refused, what stays for ever, what is corrected where."""

import json

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DatabaseError

from registry.accounts.models import User
from registry.agreements.models import Agreement, AgreementKind
from registry.audit.models import AuditEvent
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden
from registry.dashboards.briefing import gathering, kept, telling
from registry.dashboards.inputs import BriefingTexts
from registry.dashboards.metrics.codes import MetricCode
from registry.dashboards.models import Briefing, BriefingItem, BriefingState, FileForm
from registry.dashboards.queries import briefings as queries
from registry.dashboards.services import briefings
from registry.dashboards.services import issued as looks
from registry.documents import store
from registry.tasks import services as tasks
from registry.tasks.enums import TaskSource
from registry.tasks.inputs import NewTask
from registry.tasks.queries import tasks_of
from tests.states import Begin
from tests.stories.test_load import with_stories

MARCH, MAY = 202303, 202305
TEXTS = BriefingTexts("就业处", "省政府办公厅", "一件事\n两件事", "One thing", "下一步", "")


@pytest.fixture
def people(begin_with: Begin) -> dict[str, User]:
    return begin_with(with_stories)


def draw_up(user: User, month: int = MARCH) -> Briefing:
    with transaction():
        return briefings.draw_up(user.organisation, month, user)


def issued(people: dict[str, User], month: int = MARCH) -> Briefing:
    made = draw_up(people["liaoning.handler"], month)
    with transaction():
        briefings.issue(made, people["liaoning.section_head"])
    return made


def lose_a_day() -> None:
    """It turns out afterwards that nobody knows when the strategic agreement was signed."""
    with transaction():
        db.session.scalars(select(Agreement).where(Agreement.kind == AgreementKind.STRATEGIC)).one().signed_on = None


def test_a_draft_says_what_the_registry_proposes(people: dict[str, User]) -> None:
    made = draw_up(people["liaoning.handler"])
    assert made.state is BriefingState.DRAFT
    assert made.author == people["liaoning.handler"].organisation.name_zh
    assert draw_up(people["liaoning.handler"]).id == made.id
    events = select(AuditEvent.action).where(AuditEvent.object_type == "briefing")
    assert list(db.session.scalars(events)) == ["briefing:draw_up"]


def test_may_says_nearly_a_hundred_and_planned(people: dict[str, User]) -> None:
    said = telling.told(draw_up(people["liaoning.handler"], MAY), "zh")
    words = "".join(item.text for item in said.items)
    assert "合作意向近100项" in words
    assert "15,000场（计划）" in words
    records = [item.public_id for item in said.items if item.code.startswith("activity:")]
    assert len(records) == len(set(records)) == 2  # never a hundred rows


@pytest.mark.parametrize("account", ["nwpu.handler", "liaoning.leader", "liaoning.viewer"])
def test_who_may_not_draw_up(people: dict[str, User], account: str) -> None:
    with pytest.raises(Forbidden):
        draw_up(people[account])


def test_words_are_changed_by_those_who_write(people: dict[str, User]) -> None:
    made = draw_up(people["liaoning.handler"])
    with transaction():
        briefings.edit(made, TEXTS, people["liaoning.handler"])
    assert made.problems_zh == "一件事\n两件事"
    assert telling.texts_of(made, "en").next_steps == "下一步"  # no English was given
    for account in ("liaoning.leader", "anshan.handler"):
        with pytest.raises(Forbidden), transaction():
            briefings.edit(made, TEXTS, people[account])


def test_the_next_one_proposes_the_same_author(people: dict[str, User]) -> None:
    made = draw_up(people["liaoning.handler"])
    with transaction():
        briefings.edit(made, TEXTS, people["liaoning.handler"])
    assert draw_up(people["liaoning.handler"], MAY).report_to == "省政府办公厅"


def test_issuing_needs_somebody_else_than_a_handler(people: dict[str, User]) -> None:
    made = draw_up(people["liaoning.handler"])
    with pytest.raises(Forbidden), transaction():
        briefings.issue(made, people["liaoning.handler"])
    with transaction():
        briefings.issue(made, people["liaoning.leader"])
    assert made.sha256 == kept.digest(made.content_zh + made.content_en)
    with pytest.raises(Conflict), transaction():
        briefings.issue(made, people["liaoning.leader"])
    with pytest.raises(Conflict), transaction():
        briefings.edit(made, TEXTS, people["liaoning.handler"])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE briefing SET problems_zh = 'x'",
        "UPDATE briefing SET state = 'draft', issued_at = NULL, sha256 = ''",
        "DELETE FROM briefing",
        "UPDATE briefing_item SET title_zh = 'x'",
        "DELETE FROM briefing_item",
    ],
)
def test_what_is_issued_cannot_change_in_the_database(people: dict[str, User], change: str) -> None:
    issued(people)
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text(change))


@pytest.mark.parametrize("change", ["DELETE FROM briefing_file", "UPDATE briefing_file SET form = 'docx'"])
def test_what_it_looked_like_cannot_change_either_and_the_first_stays(people: dict[str, User], change: str) -> None:
    march = issued(people)
    for text_of in (b"<svg>first</svg>", b"<svg>second</svg>"):
        with transaction():
            looks.keep(march, {("zh", FileForm.SVG): store.put(text_of, "image/svg+xml")})
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text(change))
    assert looks.kept(march, "zh", FileForm.SVG) == b"<svg>first</svg>"
    assert looks.kept(march, "en", FileForm.SVG) is looks.kept(None, "zh", FileForm.SVG) is None


def test_nothing_is_added_to_what_is_issued(people: dict[str, User]) -> None:
    made = issued(people)
    with pytest.raises(DatabaseError), transaction():
        db.session.add(BriefingItem(briefing_id=made.id, code="more", title_zh="x"))


def test_nor_is_a_sentence_moved_into_it(people: dict[str, User]) -> None:
    made, draft = issued(people), draw_up(people["liaoning.handler"], MAY)
    with transaction():
        db.session.add(BriefingItem(briefing_id=draft.id, code="more", title_zh="x"))
    with pytest.raises(DatabaseError), transaction():
        db.session.scalars(select(BriefingItem).where(BriefingItem.code == "more")).one().briefing_id = made.id


def test_a_draft_may_still_go(people: dict[str, User]) -> None:
    draw_up(people["liaoning.handler"])
    with transaction():
        db.session.execute(delete(Briefing))
    assert db.session.scalar(select(func.count(Briefing.id))) == 0


def test_what_the_records_say_later_is_a_correction_and_the_old_one_stays(people: dict[str, User]) -> None:
    march = issued(people)
    before = telling.told(march, "zh")
    lose_a_day()
    found = telling.corrections_of([march.snapshot])[MARCH]
    (signed,) = [one for one in found if one.code == "agreements_signed"]
    assert (signed.then_zh, signed.now_zh) == ("16份", "15份")
    assert telling.told(march, "zh") == before


def test_a_metric_that_came_later_corrects_nothing(people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    known = gathering.asked()
    monkeypatch.setattr(gathering, "asked", lambda: [code for code in known if code is not MetricCode.ACTIVITIES_HELD])
    then = draw_up(people["liaoning.handler"], MARCH).snapshot
    monkeypatch.setattr(gathering, "asked", lambda: known)
    assert "activities_held" not in kept.load(then.content).figures
    assert telling.corrections_of([then])[MARCH] == []
    lose_a_day()
    assert {one.code for one in telling.corrections_of([then])[MARCH]} >= {"agreements_signed"}


def test_the_next_briefing_tells_it_and_the_one_after_does_not(people: dict[str, User]) -> None:
    issued(people)
    lose_a_day()
    april = issued(people, 202304)
    assert "2023年3月“新增签约”由16份更正为15份。" in words_of(april, "zh")
    assert "Newly signed of March 2023: 15 copies instead of 16 copies." in words_of(april, "en")
    assert [one["code"] for one in json.loads(april.corrections)].count("agreements_signed") == 1
    assert "更正" not in words_of(draw_up(people["liaoning.handler"], MAY), "zh")


def test_what_is_as_it_was_kept_again_is_told_once_too(people: dict[str, User]) -> None:
    issued(people)
    day = db.session.scalars(select(Agreement).where(Agreement.kind == AgreementKind.STRATEGIC)).one().signed_on
    lose_a_day()
    issued(people, 202304)
    with transaction():
        db.session.scalars(select(Agreement).where(Agreement.kind == AgreementKind.STRATEGIC)).one().signed_on = day
    assert "2023年3月“新增签约”由15份更正为16份。" in words_of(issued(people, MAY), "zh")
    assert "新增签约”由" not in words_of(draw_up(people["liaoning.handler"], 202306), "zh")


def words_of(briefing: Briefing, language: str) -> str:
    said = telling.told(briefing, language)
    return "\n".join(text for part in said.sections for text in (part.heading, *(item.text for item in part.items)))


def test_an_instruction_on_a_sentence_becomes_a_supervised_task(people: dict[str, User]) -> None:
    item = next(one for one in issued(people).items if one.code == "signed")
    leader = people["liaoning.leader"]
    new = NewTask(
        title_zh=f"落实关于“{item.title_zh}”的批示",
        source=TaskSource.INSTRUCTION,
        lead=leader.organisation.public_id,
        goal="请补齐高校一方。",
        days=10,
        subject_kind="briefing_item",
        subject_public_id=item.public_id,
    )
    with transaction():
        made = tasks.assign(new, leader)
    assert made.subject_title == "本期新签16份。"
    assert [one.public_id for one in tasks_of("briefing_item", item.public_id, leader)] == [made.public_id]


def test_another_organisation_sees_none_of_it(people: dict[str, User]) -> None:
    issued(people)
    assert queries.list_briefings(people["anshan.leader"]) == []


def test_a_bureau_has_its_own(people: dict[str, User]) -> None:
    said = telling.told(draw_up(people["anshan.handler"]), "zh")
    assert said.title == "鞍山市校地合作工作情况"
    assert [one.code for one in said.annexes] == []
