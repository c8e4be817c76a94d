"""What waits for a person (待办): one statement gives the list and, counted, the number beside the menu."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select, union_all

from ..accounts.models import User
from ..accounts.reader import Asker
from ..core.access.roles import Role
from ..core.db import db
from ..core.i18n import Message, msg
from . import waiting
from .models import (
    ClearanceStep,
)
from .waiting import Task

LIMIT = 100
TASKS: dict[str, Message] = {
    "section": msg("Section review"),
    "legal": msg("Legality review"),
    "leader": msg("Leader's approval"),
    "draft": msg("Draft to finish and submit"),
    "confirm": msg("Historic record to confirm"),
    "supplement": msg("Found details to confirm"),
    "start": msg("Every party approved: signing can begin"),
    "sign": msg("Signature and seal to record"),
    "sign_digitally": msg("Digital signature to give"),
    "archive": msg("Signed papers to archive"),
    "complete": msg("Everybody signed: complete the signing"),
    "renewal": msg("The end is near: renew it, or let it expire?"),
    "terminate": msg("The period of notice has passed: terminate it"),
}


def list_waiting(user: User) -> Sequence[Row[*tuple[Any, ...]]]:
    """What waits for the user in agreements, at most LIMIT rows; see `rows_of`."""
    return rows_of(parts_for(user))


def count_waiting(user: User) -> int:
    """How many rows `list_waiting` has, up to LIMIT."""
    return db.session.scalar(select(number_of(parts_for(user)))) or 0


def rows_of(parts: Sequence[Task]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of parts that were written for one user; see `listed`."""
    return db.session.execute(listed(parts)).all() if parts else []


def listed(parts: Sequence[Task]) -> Task:
    """Rows of (task, public_id, number, title_zh, title_en, due_on, counted_from, on_behalf_of), at most LIMIT.

    The earliest deadline comes first. `on_behalf_of` names the colleague for whom the user stands in, and is empty for
    one's own. Of one part at least.
    """
    rows = union_all(*parts).subquery()
    order = (rows.c.due_on.is_(None), rows.c.due_on, rows.c.public_id, rows.c.task)
    return select(rows).order_by(*order).limit(LIMIT)


def number_of(parts: Sequence[Task]) -> ColumnElement[int]:
    """How many rows `listed` has, up to LIMIT; to be selected, beside other numbers of the frame."""
    if not parts:
        return literal(0)
    return select(func.count()).select_from(union_all(*parts).limit(LIMIT).subquery()).scalar_subquery()


def parts_for(user: Asker) -> list[Task]:
    """What may wait for the user in agreements, one statement for each kind; other packages add theirs."""
    parts: list[Task] = [waiting.own_steps(user, step) for step in ClearanceStep if step.role in user.roles]
    parts += waiting.of_colleagues(user)
    if Role.HANDLER in user.roles:
        parts += [waiting.drafts(user), waiting.to_renew(user), waiting.to_archive(user)]
    if Role.SECTION_HEAD in user.roles:
        parts += [waiting.to_confirm(user), waiting.supplements(user)]
    if Role.LEADER in user.roles:
        parts += [waiting.to_start(user), waiting.to_terminate(user)]
    if Role.SIGNATORY in user.roles:
        parts.append(waiting.to_sign_digitally(user))
    if Role.SEAL_KEEPER in user.roles:
        parts += [waiting.to_sign(user), waiting.to_complete(user)]
    return parts
