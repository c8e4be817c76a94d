"""Tasks of every light, a leader's instruction, and a supervision slip; all fictional and marked 演示."""

from dataclasses import replace
from datetime import timedelta

from ..accounts.models import User
from ..agreements.models import Agreement
from ..core.dates import today
from ..core.db import transaction
from ..records.services import share
from ..tasks import closing, services, supervision
from ..tasks.enums import SlipColour, TaskSource
from ..tasks.inputs import NewTask, Report, SlipDetails
from ..tasks.models import Task
from .people import UNIVERSITY, organisation

BEGAN, FELL_DUE = timedelta(days=40), timedelta(days=3)
NEXT_MONTH = timedelta(days=30)


def enter_tasks(people: dict[str, User], agreement: Agreement) -> list[Task]:
    """One of each light: closed, grey, red, yellow, blue, green; the last is a leader's instruction on the red one."""
    handler = people["anshan.handler"]
    given = NewTask(
        title_zh="演示：秋季专场招聘会筹备",
        source=TaskSource.CLAUSE,
        lead=organisation(UNIVERSITY).public_id,
        goal="演示：全年专场招聘会不少于2场。",
        days=30,
        subject_kind="agreement",
        subject_public_id=agreement.public_id,
    )
    grey = replace(
        given, title_zh="演示：次月岗位需求征集", goal="演示：征集岗位不少于200个。", starts_on=today() + NEXT_MONTH
    )
    yellow = replace(given, title_zh="演示：更新双方联络人", goal="", source=TaskSource.JOINT_MEETING, days=4)
    blue = replace(given, title_zh="演示：提供专业与生源信息", goal="", source=TaskSource.FINDING, days=8)
    with transaction():
        made = [services.assign(one, handler, is_demo=True) for one in (grey, yellow, blue)]
    closed, red = _closed(people, given), _red(people, given)
    return [closed, made[0], red, *made[1:], _instruction(people, given, red)]


def _instruction(people: dict[str, User], given: NewTask, red: Task) -> Task:
    """A leader wrote on the overdue task (批示); the leader's own organisation sees to it."""
    leader = people["anshan.leader"]
    instruction = replace(
        given,
        title_zh="演示：落实关于去向数据报送逾期的批示",
        source=TaskSource.INSTRUCTION,
        lead=leader.organisation.public_id,
        goal="演示：请就业促进科与校方对接，查明原因，尽快补报。",
        subject_kind=services.KIND,
        subject_public_id=red.public_id,
    )
    with transaction():
        return services.assign(instruction, leader, is_demo=True)


def _closed(people: dict[str, User], given: NewTask) -> Task:
    with transaction():
        task = services.assign(given, people["anshan.handler"], is_demo=True)
    with transaction():
        services.name_assignee(task, people["nwpu.handler"].public_id, people["nwpu.section_head"])
        closing.report(task, Report("演示：第一场已举办，到会单位40家。", 50), people["nwpu.handler"])
        closing.request_close(task, "演示：两场均已举办，附签到表。", people["nwpu.handler"])
    with transaction():
        closing.close(task, "演示：属实。", people["anshan.section_head"])
    return task


def _red(people: dict[str, User], given: NewTask) -> Task:
    """Overdue: laid back by hand, since nothing can be assigned for yesterday; chased by a slip."""
    goal = "演示：按学院汇总，口径一致。"
    overdue = replace(given, title_zh="演示：报送上半年毕业生去向数据", goal=goal, days=None, due_on=today())
    with transaction():
        task = services.assign(overdue, people["anshan.handler"], is_demo=True)
        task.set_deadline(today() - BEGAN, today() - FELL_DUE, None, None)
        share(task)
    report = Report(
        "演示：已完成数据核对。", 60, problems="演示：部分学院尚未报送。", help_needed="演示：请协调统一口径。"
    )
    with transaction():
        closing.report(task, report, people["nwpu.handler"])
    slip = SlipDetails(SlipColour.RED, "演示：请五个工作日内报送，并书面说明原因。")
    with transaction():
        supervision.issue(task, slip, people["anshan.section_head"])
    return task
