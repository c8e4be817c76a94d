"""From a dropped file to what it entered, and back: fixtures with their stated results, rights, races, undo."""

import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.agreements.models import Agreement, AgreementStatus
from registry.agreements.services import entry
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden
from registry.ledgers import exporting
from registry.ledgers.enums import BatchState, RowState
from registry.ledgers.services import batches, undoing
from registry.ledgers.targets.base import REPORTED
from registry.ledgers.targets.catalogue import target
from registry.ledgers.writing import write_csv
from registry.organisations.models import OrganisationAlias, OrganisationKind
from registry.visits.enums import FigureCode
from registry.visits.models import Visit
from tests.agreements.scene import STAFF, Side, make_side
from tests.factories import make_organisation, make_region
from tests.states import Begin

from .sheets import AGREEMENTS, VISITS, again, book, entered, imported, rows, work

HEAD = ("序号", "协议编号", "协议名称", "协议类型", "甲方单位", "乙方单位", "签约日期", "有效期（年）", "备注")


def offices() -> tuple[Side, Side]:
    """The bureau of the first ledger with its partners, and the university of the second."""
    bureau = make_side("鞍山市人力资源和社会保障局", OrganisationKind.HR_BUREAU)
    bureau.organisation.short_zh = "鞍山市人社局"
    school = make_side("西北工业大学", OrganisationKind.UNIVERSITY, "610100", STAFF)
    school.organisation.moe_code = "4161010699"
    kind, place = OrganisationKind.UNIVERSITY, make_region()
    make_organisation("辽宁科技大学", kind, place, moe_code="4121010146")
    normal = make_organisation("鞍山师范学院", kind, place)
    db.session.add(OrganisationAlias(organisation_id=normal.id, alias="鞍山师院"))
    return bureau, school


def build() -> tuple[Side, Side]:
    with transaction():
        return offices()


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


def count(kind: type[Agreement] | type[Visit]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_the_messy_ledger_of_agreements_gives_three_records(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    batch = imported(AGREEMENTS.read_bytes(), "agreement", bureau.handler)
    assert (batch.state, batch.sheet, batch.total) == (BatchState.CHECKED, "校地合作协议台账", 3)
    first, second, third = rows(batch)
    assert [row.number for row in (first, second, third)] == [4, 5, 7]
    assert [row.state for row in (first, second, third)] == [RowState.NEW, RowState.NEW, RowState.DOUBTFUL]
    assert third.organisations["asked"].keys() == {"鞍山师院"}
    assert third.values["phone"] == "139****9000"
    assert count(Agreement) == 0  # nothing is kept before it is confirmed
    proposal = third.organisations["asked"]["鞍山师院"][0]
    with transaction():
        batches.decide_names(again(batch), {"鞍山师院": proposal}, target("agreement"), bureau.handler)
    work()
    batch = entered(batch, bureau.handler)
    assert batch.state is BatchState.ENTERED, batch.error
    made = db.session.scalars(select(Agreement).order_by(Agreement.id)).all()
    assert {one.status for one in made} == {AgreementStatus.RECORDED_PENDING}
    assert [one.number for one in made] == ["鞍校地协〔2023〕1号", None, None]
    assert [str(one.signed_on) for one in made] == ["2023-01-01", "2023-03-18", "2023-03-18"]
    assert [one.signed_precision for one in made] == ["year", "day", "day"]
    assert [one.term_months for one in made] == [36, 36, None]
    assert [party.name for party in made[1].parties] == ["鞍山市人力资源和社会保障局", "辽宁科技大学"]
    assert [party.name for party in made[2].parties] == ["鞍山市人力资源和社会保障局", "鞍山师范学院"]
    twice = imported(AGREEMENTS.read_bytes(), "agreement", bureau.handler)
    assert {row.state for row in rows(twice)} == {RowState.SAME}, [row.changes for row in rows(twice)]


def test_the_messy_ledger_of_visits(scene: tuple[Side, Side]) -> None:
    school = scene[1]
    batch = imported(VISITS.read_bytes(), "visit_enterprise", school.handler)
    assert batch.counts == {"new": 3, "changed": 0, "same": 0, "doubtful": 0, "wrong": 0}, [
        r.notes for r in rows(batch)
    ]
    assert [bool(row.notes) for row in rows(batch)] == [False, True, False]
    batch = entered(batch, school.handler)
    assert batch.state is BatchState.ENTERED, batch.error
    visits = db.session.scalars(select(Visit).order_by(Visit.held_on)).all()
    assert [str(one.held_on) for one in visits] == ["2022-05-10", "2022-05-11", "2022-05-12"]
    assert [one.lead_level for one in visits] == ["head", "head", "leadership"]
    assert [one.has_wrong_code for one in visits] == [False, True, False]
    assert [one.base_built for one in visits] == [True, False, True]
    second = {figure.code: figure for figure in visits[1].figures}[FigureCode.POSTS]
    assert (second.value, second.qualifier) == (15, "approx")
    twice = imported(VISITS.read_bytes(), "visit_enterprise", school.handler)
    assert twice.counts["same"] == 3, [row.changes for row in rows(twice)]


def ledger(*lines: tuple[object, ...]) -> bytes:
    return book(HEAD, *lines)


ONE = (1, "", "鞍山市与西北工业大学合作协议", "校地合作协议", "鞍山市人社局", "西北工业大学", "2023-03-18", "3", "测试")


def test_each_row_says_what_it_would_do(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    batch = entered(imported(ledger(ONE), "agreement", bureau.handler), bureau.handler)
    changed = (*ONE[:6], "2023-03-19", *ONE[7:])
    wrong = (2, "", "", "什么协议", "鞍山市人社局", "辽宁科技大学", "2023-13-01", "很久", "")
    stranger = (3, "", "鞍山市与某某学院合作协议", "校地合作协议", "鞍山市人社局", "某某外语学院", "2023年", "", "")
    batch = imported(ledger(changed, wrong, stranger, stranger), "agreement", bureau.handler)
    first, second, third, fourth = rows(batch)
    assert first.state is RowState.CHANGED
    assert first.changes == {"signed_on": ["2023-03-18", "2023-03-19"]}
    assert {note[0] for note in second.notes} == {"title_zh", "kind", "signed_on", "term_years"}
    assert third.state is RowState.NEW  # kept by the name as reported
    assert fourth.state is RowState.WRONG  # the same as the row above
    assert count(Agreement) == 1


def test_what_a_record_has_no_place_for_stays_with_its_row(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    entered(imported(ledger(ONE), "agreement", bureau.handler), bureau.handler)
    twice = imported(ledger(ONE), "agreement", bureau.handler)
    assert rows(twice)[0].state is RowState.SAME
    other = imported(ledger((*ONE[:8], "另一备注")), "agreement", bureau.handler)
    assert rows(other)[0].changes == {"remark": ["测试", "另一备注"]}


def test_columns_can_be_taken_for_something_else(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    strange = (*HEAD[:2], "名称栏", *HEAD[3:])
    batch = imported(book(strange, ONE), "agreement", bureau.handler)
    assert rows(batch)[0].state is RowState.WRONG
    with transaction():
        batches.remap(again(batch), {"2": "title_zh"}, target("agreement"), bureau.handler)
    work()
    assert rows(batch)[0].state is RowState.NEW


def test_a_name_may_be_kept_as_it_stands(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    line = (*ONE[:5], "鞍山师院", *ONE[6:])
    batch = imported(ledger(line), "agreement", bureau.handler)
    assert rows(batch)[0].state is RowState.DOUBTFUL
    with transaction():
        batches.decide_names(again(batch), {"鞍山师院": REPORTED}, target("agreement"), bureau.handler)
    work()
    entered(batch, bureau.handler)
    made = db.session.scalars(select(Agreement)).one()
    assert [party.name_as_reported for party in made.parties] == ["", "鞍山师院"]
    assert rows(imported(ledger(line), "agreement", bureau.handler))[0].state is RowState.SAME  # nobody is asked twice


def test_taking_back(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    batch = entered(imported(ledger(ONE), "agreement", bureau.handler), bureau.handler)
    with transaction():
        undoing.undo(again(batch), target("agreement"), bureau.handler)
    assert (count(Agreement), again(batch).state) == (0, BatchState.UNDONE)
    batch = entered(imported(ledger(ONE), "agreement", bureau.handler), bureau.handler)
    assert count(Agreement) == 1
    with transaction():
        entry.confirm(db.session.scalars(select(Agreement)).one(), bureau.section_head)
    with pytest.raises(Conflict), transaction():
        undoing.undo(again(batch), target("agreement"), bureau.handler)
    assert count(Agreement) == 1


def test_taking_visits_back(scene: tuple[Side, Side]) -> None:
    school = scene[1]
    batch = entered(imported(VISITS.read_bytes(), "visit_enterprise", school.handler), school.handler)
    with transaction():
        undoing.undo(again(batch), target("visit_enterprise"), school.handler)
    assert count(Visit) == 0


def test_what_changed_since_the_check_is_not_entered_twice(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    first = imported(ledger(ONE), "agreement", bureau.handler)
    second = imported(ledger(ONE), "agreement", bureau.handler)
    entered(first, bureau.handler)
    second = entered(second, bureau.handler)
    assert second.state is BatchState.CHECKED
    assert "checked again" in second.error
    assert count(Agreement) == 1


def test_only_who_may_enter_one_may_enter_many(scene: tuple[Side, Side]) -> None:
    bureau, school = scene
    with pytest.raises(Forbidden):
        imported(ledger(ONE), "agreement", bureau.people[Role.LEADER])
    batch = imported(ledger(ONE), "agreement", bureau.handler)
    with pytest.raises(Forbidden), transaction():
        batches.confirm(again(batch), target("agreement"), school.handler)


def test_what_was_defused_on_its_way_out_comes_in_as_it_was(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    risky = (*ONE[:2], "=HYPERLINK(1) 合作协议", *ONE[3:8], "+8")
    lines = "\n".join(",".join(map(str, line)) for line in (HEAD, risky))
    entered(imported(lines.encode(), "agreement", bureau.handler), bureau.handler)
    assert db.session.scalars(select(Agreement.title_zh)).all() == ["=HYPERLINK(1) 合作协议"]  # text, never a formula
    out = io.BytesIO()
    write_csv(out, target("agreement").ledger, exporting.rows_of(target("agreement"), bureau.handler))
    assert "'=HYPERLINK(1)" in out.getvalue().decode()
    assert rows(imported(out.getvalue(), "agreement", bureau.handler))[0].state is RowState.SAME
