"""Taking a whole import back, as long as nobody did anything with what it entered. 撤销导入."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from ...accounts.models import User
from ...activities.models import ActivityOutcome
from ...audit.models import AuditEvent
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.errors import Conflict
from ...core.i18n import msg
from ...records.happenings import gathered
from ...tasks.models import Task
from ...visits.models import Visit
from .. import policy, queries
from ..models import ImportBatch, ImportRow
from ..targets.base import Target

CHUNK = 500
TOUCHED = msg("Something that this import entered was used or changed since; change those records one by one")


def undo(batch: ImportBatch, target: Target, actor: User) -> None:
    """Remove what it entered, all or nothing; its rows stay. Raises Forbidden, Conflict where anything was touched."""
    policy.may_undo(actor, batch, target).enforce()
    public_ids = queries.entered_ids(batch)
    with without_scope():  # whoever touched it: the rule is about the records, not about the reader
        if any(_is_touched(batch, target, some) for some in _chunks(public_ids)):
            raise Conflict(TOUCHED)
        try:
            with gathered():
                target.take_back(public_ids)
            db.session.flush()
        except IntegrityError as error:
            raise Conflict(TOUCHED) from error
    entered = (ImportRow.batch_id == batch.id, ImportRow.is_entered.is_(True))
    db.session.execute(update(ImportRow).where(*entered).values(is_entered=False, record_public_id=""))
    batch.undo()
    record(actor, Action.LEDGER_UNDO, batch, {"records": (len(public_ids), 0)})


def _chunks(public_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (public_ids[start : start + CHUNK] for start in range(0, len(public_ids), CHUNK))


def _is_touched(batch: ImportBatch, target: Target, public_ids: Sequence[str]) -> bool:
    """Whether anything was done with one of these records, or another record points at one."""
    questions = (
        select(AuditEvent.id).where(
            AuditEvent.object_type == target.audited,
            AuditEvent.object_id.in_(public_ids),
            AuditEvent.succeeded.is_(True),
            AuditEvent.happened_at > batch.entered_at,
        ),
        select(Task.id).where(Task.subject_kind == target.kind, Task.subject_public_id.in_(public_ids)),
        select(Visit.id).where(Visit.subject_kind == target.kind, Visit.subject_public_id.in_(public_ids)),
        select(ActivityOutcome.activity_id).where(
            ActivityOutcome.subject_kind == target.kind, ActivityOutcome.subject_public_id.in_(public_ids)
        ),
    )
    return any(db.session.scalar(one.limit(1)) is not None for one in questions)
