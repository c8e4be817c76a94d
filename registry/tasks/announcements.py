"""What people are told of a task, and who: the one list of it. 任务消息.

Whoever did it is not told; tasks that the registry opens as reminders are told by the reminders.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..accounts.models import User
from ..core.access.actions import Action
from ..core.access.roles import Role
from ..messages.enums import Topic
from ..messages.inputs import NewMessage
from ..messages.services import people_of, send_all
from ..records.services import settle as settle_record
from .enums import TaskSource
from .models import Task

DOING, VERIFYING = frozenset({Role.HANDLER, Role.SECTION_HEAD}), frozenset({Role.SECTION_HEAD, Role.LEADER})


@dataclass(frozen=True)
class Announcement:
    """The people with these roles of this organisation are told; only the assignee, if `personal`."""

    whose: Callable[[Task], int]
    roles: frozenset[Role]
    zh: str
    en: str
    personal: bool = False


def lead(task: Task) -> int:
    """Who answers for it."""
    return task.lead_id


def owner(task: Task) -> int:
    """Who assigned it."""
    return task.owner_id


ANNOUNCEMENTS: Mapping[str, Announcement] = {
    Action.TASK_ASSIGN: Announcement(lead, DOING, "新任务：{title}", "A new task: {title}"),
    Action.TASK_NAME_ASSIGNEE: Announcement(
        lead, DOING, "任务已指定由您办理：{title}", "You were named to do a task: {title}", personal=True
    ),
    Action.TASK_SUPERVISE: Announcement(
        lead, DOING | VERIFYING, "收到督办单：{title}", "A supervision slip was issued: {title}"
    ),
    Action.TASK_REQUEST_CLOSE: Announcement(
        owner, VERIFYING, "任务申请销号，请核验：{title}", "Close-out requested, to be verified: {title}"
    ),
    Action.TASK_SEND_BACK: Announcement(
        lead, DOING, "任务销号申请被退回：{title}", "The close-out was sent back: {title}"
    ),
    Action.TASK_CLOSE: Announcement(lead, DOING, "任务已核验销号：{title}", "Verified and struck off: {title}"),
}


def settle(
    task: Task, actor: User | None, action: Action | str, changes: Mapping[str, Any] | None = None, reason: str = ""
) -> None:
    """End a change of a task as any record's is ended, and tell of it if it is on the list."""
    settle_record(task, actor, action, changes, reason)
    found = ANNOUNCEMENTS.get(action)
    if found is None or (actor is None and task.origin is TaskSource.REMINDER):
        return
    recipients = _recipients(task, found) - {actor.id if actor else 0}
    send_all([_message(task, found, action, reason, one) for one in sorted(recipients)])


def _recipients(task: Task, found: Announcement) -> set[int]:
    """Whoever was named is told while they are with the lead: of others' tasks nobody hears."""
    named = {task.assignee.id} if task.assignee and task.assignee.organisation_id == task.lead_id else set()
    if found.personal:
        return named
    organisation_id = found.whose(task)
    people = set(people_of([organisation_id], found.roles)[organisation_id])
    return people | named if found.whose is lead else people


def _message(task: Task, found: Announcement, action: str, reason: str, recipient_id: int) -> NewMessage:
    return NewMessage(
        recipient_id=recipient_id,
        topic=Topic.TASK,
        key=f"{action}:{task.public_id}:{task.row_version}",
        title_zh=found.zh.format(title=task.title_zh),
        title_en=found.en.format(title=task.title_en or task.title_zh),
        body_zh=reason,
        subject_kind="task",
        subject_public_id=task.public_id,
        personal=found.personal,
    )
