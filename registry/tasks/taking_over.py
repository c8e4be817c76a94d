"""Unfinished tasks that a ledger tells of, as their organisation assigned them long ago. 台账转入任务.

Their deadline may have passed: then they are late. What the lead itself tells of its progress is kept as its report.
Whether a task is done is never taken from a ledger: a close-out is verified in the registry (`closing`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.decision import decide
from ..core.dates import today
from ..core.errors import Invalid
from ..core.i18n import msg
from ..messages.enums import Topic
from ..messages.inputs import NewMessage
from ..messages.services import people_of, send_all
from ..records.many import Made, keep_many
from ..records.services import known_organisations
from . import policy
from .announcements import DOING
from .enums import TaskSource
from .inputs import Report
from .models import Task, TaskProgress, TaskUnit

TOLD_ZH, TOLD_EN = "台账导入新任务 {number} 项，首项：{title}", "{number} tasks came from a ledger, the first: {title}"


@dataclass(frozen=True)
class Standing:
    """A task as it stands: public ids of lead and supporting organisations, and what the lead reported last."""

    title_zh: str
    source: TaskSource
    lead: str
    due_on: date
    supporting: tuple[str, ...] = ()
    goal: str = ""
    leader: str = ""
    starts_on: date | None = None
    report: Report | None = None
    known_from: str = ""


def make(given: Standing, actor: User) -> Made[Task]:
    """A task of the actor's organisation, not in the session yet. Raises Forbidden, Invalid by field."""
    policy.may_assign(actor, given.source).enforce()
    lead = known_organisations([given.lead], "lead")[0]
    supporting = known_organisations(given.supporting, "supporting")
    if lead in supporting:
        raise Invalid({"supporting": [msg("The lead organisation does not support itself")]})
    task = Task(
        owner=actor.organisation, lead=lead, lead_id=lead.id, created_by_id=actor.id, origin=given.source,
        title_zh=given.title_zh, goal=given.goal, leader=given.leader, source=given.known_from,
    )  # fmt: skip
    for number, one in enumerate(supporting, start=1):
        task.units.append(TaskUnit(position=number, organisation=one, organisation_id=one.id))
    task.set_deadline(min(given.starts_on or today(), given.due_on), given.due_on, None, None)
    if given.report is not None:
        _report(task, given.report, actor)
    told = {"title": (None, task.title_zh), "lead": (None, lead.name_zh), "due_on": (None, task.due_on)}
    return Made(task, told)


def _report(task: Task, given: Report, actor: User) -> None:
    """What the lead says of its own task. Raises Invalid for another organisation's."""
    if not task.is_led_by(actor):
        raise Invalid({"percent": [msg("How much is done is for the lead organisation to say")]})
    task.percent = given.percent or 0
    task.progress = [
        TaskProgress(
            note=given.note, percent=task.percent, problems=given.problems, help_needed=given.help_needed,
            reported_by_id=actor.id, organisation_id=actor.organisation_id,
        )
    ]  # fmt: skip


def enter_many(made: Sequence[Made[Task]], actor: User) -> list[str]:
    """Enter many in a few statements and tell each lead once; returns their public ids. Raises Forbidden."""
    decide(actor, Action.TASK_ASSIGN).enforce()
    kept = keep_many(made, actor, Action.TASK_ASSIGN)
    led: dict[int, list[Task]] = {}
    for one in made:
        led.setdefault(one.record.lead_id, []).append(one.record)
    people = people_of(led, DOING)
    send_all([message for tasks in led.values() for message in _messages(tasks, people, actor)])
    return kept


def _messages(tasks: Sequence[Task], people: Mapping[int, Sequence[int]], actor: User) -> list[NewMessage]:
    """One for each who does tasks of the lead, about the first of them: the list shows the others."""
    first = tasks[0]
    return [
        NewMessage(
            recipient_id=one, topic=Topic.TASK, key=f"task:taken-over:{first.public_id}",
            title_zh=TOLD_ZH.format(number=len(tasks), title=first.title_zh)[:200],
            title_en=TOLD_EN.format(number=len(tasks), title=first.title_zh)[:400],
            subject_kind="task", subject_public_id=first.public_id,
        )
        for one in sorted(set(people[first.lead_id]) - {actor.id})
    ]  # fmt: skip
