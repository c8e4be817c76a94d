"""Ledgers of enterprise docking and of tasks: how far a row reaches, what stays with it, what is refused and why."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.docking.enums import DropReason, EntryStatus, Stage
from registry.docking.models import DockingCase
from registry.ledgers import exporting
from registry.ledgers.enums import BatchState, RowState
from registry.ledgers.services import batches
from registry.ledgers.targets.catalogue import target
from registry.messages.models import Message
from registry.tasks.enums import TaskSource
from registry.tasks.models import Task
from tests.agreements.scene import Side
from tests.states import Begin

from .sheets import again, book, entered, imported, rows, work
from .test_import import build

CASE = (
    "企业名称",
    "所在市",
    "对接高校",
    "意向登记日期",
    "岗位发布日期",
    "发布岗位数",
    "面试人数",
    "当前阶段",
    "未成原因",
)
ONE = ("鞍山某钢有限公司", "鞍山市", "西北工业大学", "2023-03-01", "2023-04-01", "20", "15", "签约", "薪酬")
TASK = ("任务来源", "工作任务", "牵头单位", "责任人", "完成时限", "进展情况", "完成比例（%）", "销号日期")


@pytest.fixture
def scene(app: Flask, begin_with: Begin) -> tuple[Side, Side]:
    return begin_with(build)


def test_a_case_reaches_as_far_as_its_days(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    batch = imported(book(CASE, ONE), "enterprise_docking", bureau.handler)
    (row,) = rows(batch)
    assert row.state is RowState.NEW, row.notes
    assert [note[0] for note in row.notes] == ["interviewed", "stage"]  # no day is told: both stay with the row
    assert entered(batch, bureau.handler).state is BatchState.ENTERED, batch.error
    case = db.session.scalars(select(DockingCase)).one()
    assert (case.stage, case.drop_reason, case.sort_on) == (Stage.POSTED, DropReason.PAY, date(2023, 4, 1))
    assert [entry.stage for entry in case.entries if entry.status is EntryStatus.SKIPPED] == [
        Stage.VERIFIED,
        Stage.FIELD_DOCKING,
    ]
    printed = next(exporting.rows_of(target("enterprise_docking"), bureau.handler))
    assert (printed["interviewed"], printed["posts"]) == (15, 20)
    twice = imported(book(CASE, ONE), "enterprise_docking", bureau.handler)
    assert rows(twice)[0].state is RowState.SAME, rows(twice)[0].changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({3: "2023年3月"}, "m_registered_on"),  # a stage has its day
        ({4: "2023-02-01"}, "m_registered_on"),  # days never fall
        ({5: "约20"}, "posts"),
        ({5: ""}, "posts"),  # posts are published with their number
        ({1: "某市"}, "region"),
        ({2: "某某外语学院"}, "university"),
    ],
)
def test_what_a_case_cannot_be(scene: tuple[Side, Side], changes: dict[int, str], field: str) -> None:
    line = [changes.get(place, text) for place, text in enumerate(ONE)]
    (row,) = rows(imported(book(CASE, line), "enterprise_docking", scene[0].handler))
    assert row.state is RowState.WRONG
    assert field in [note[0] for note in row.notes], row.notes


def task(**changes: str) -> list[str]:
    usual = {"source": "联席会议", "task": "落实实习岗位", "lead": "西北工业大学", "owner": "李某", "due": "2023-06-30"}
    told = {**usual, "progress": "", "percent": "", "closed": ""} | changes
    return [told[name] for name in ("source", "task", "lead", "owner", "due", "progress", "percent", "closed")]


def test_tasks_of_a_ledger(scene: tuple[Side, Side]) -> None:
    bureau, school = scene
    own = "鞍山市人力资源和社会保障局"
    lines = [
        task(progress="已联系", percent="40"),  # another organisation's progress: its own to say
        task(task="汇总进展", lead=own, progress="已汇总", percent="60"),
        task(task="督促落实", source="市政府工作要点"),
        task(task="早已办结", closed="2023-05-01"),
        task(task="局长批示事项", source="领导批示"),
    ]
    batch = imported(book(TASK, *lines), "task", bureau.handler)
    states = [row.state for row in rows(batch)]
    assert states == [RowState.NEW, RowState.NEW, RowState.NEW, RowState.WRONG, RowState.WRONG], [
        row.notes for row in rows(batch)
    ]
    entered(batch, bureau.handler)
    first, second, third = db.session.scalars(select(Task).order_by(Task.id)).all()
    assert (first.lead_id, first.percent, first.due_on) == (school.organisation.id, 0, date(2023, 6, 30))
    assert (second.percent, second.progress[0].note) == (60, "已汇总")
    assert third.origin is TaskSource.JOINT_MEETING
    printed = {row["task"]: row for row in exporting.rows_of(target("task"), bureau.handler)}
    assert printed["督促落实"]["source"] == "市政府工作要点"  # the office's own words
    assert printed["落实实习岗位"]["progress"] == "已联系"
    told = db.session.scalars(select(Message).where(Message.recipient_id == school.handler.id)).all()
    assert [one.title_zh for one in told] == ["台账导入新任务 2 项，首项：落实实习岗位"]  # once for all of them
    assert {row.state for row in rows(imported(book(TASK, *lines[:3]), "task", bureau.handler))} == {RowState.SAME}


def test_a_leader_imports_instructions(scene: tuple[Side, Side]) -> None:
    bureau = scene[0]
    leader = bureau.people[Role.LEADER]
    batch = imported(book(TASK, task(source="领导批示")), "task", leader)
    assert rows(batch)[0].state is RowState.NEW, rows(batch)[0].notes
    with transaction():
        batches.confirm(again(batch), target("task"), bureau.handler)
    work()
    batch = again(batch)
    assert batch.state is BatchState.CHECKED  # who confirms must be one to instruct
    assert "leader" in batch.error
    assert entered(batch, leader).state is BatchState.ENTERED
    assert db.session.scalars(select(Task.origin)).all() == [TaskSource.INSTRUCTION]
