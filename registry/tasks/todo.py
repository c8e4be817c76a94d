"""Which tasks wait for a person, as rows like those of the agreements' to-do list. 待办任务."""

from typing import Any

from sqlalchemy import Select, String, cast, literal, null, or_, select

from ..accounts.reader import Asker
from ..core.access.roles import Role
from ..core.i18n import Message, msg
from .enums import WORKING, TaskState
from .models import Task

Part = Select[*tuple[Any, ...]]
MINE, UNIT, VERIFY = "task_mine", "task_unit", "task_verify"
WORDS: dict[str, Message] = {
    MINE: msg("Task of yours"),
    UNIT: msg("Task of your unit"),
    VERIFY: msg("Close-out to verify"),
}


def parts_for(user: Asker) -> list[Part]:
    """One's own tasks; the unit's that nobody was named for, all of them for its section head; what to verify."""
    if not user.roles & WORKING:
        return []
    parts = [_rows(MINE).where(Task.assignee_id == user.id, Task.state == TaskState.OPEN)]
    if user.roles & {Role.HANDLER, Role.SECTION_HEAD}:
        parts.append(_of_unit(user))
    if user.roles & {Role.SECTION_HEAD, Role.LEADER}:
        parts.append(_to_verify(user))
    return parts


def _of_unit(user: Asker) -> Part:
    led = _rows(UNIT).where(Task.lead_id == user.organisation_id, Task.state == TaskState.OPEN)
    if Role.SECTION_HEAD in user.roles:
        return led.where(or_(Task.assignee_id.is_(None), Task.assignee_id != user.id))
    return led.where(Task.assignee_id.is_(None))


def _to_verify(user: Asker) -> Part:
    """What `policy.may_close` allows."""
    return _rows(VERIFY).where(
        Task.owner_id == user.organisation_id,
        Task.state == TaskState.CLOSE_REQUESTED,
        Task.requested_by_id != user.id,
        or_(Task.assignee_id.is_(None), Task.assignee_id != user.id),
    )


def _rows(word: str) -> Part:
    return select(
        literal(word).label("task"),
        Task.public_id,
        cast(null(), String).label("number"),
        Task.title_zh,
        Task.title_en,
        Task.due_on.label("due_on"),
        Task.counted_from.label("counted_from"),
        literal("").label("on_behalf_of"),
    )
