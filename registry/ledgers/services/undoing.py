"""Taking a whole import back, as long as nobody did anything with what it entered. 撤销导入."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from ...accounts.models import User
from ...activities.models import ActivityOutcome
from ...attachments.models import Attachment
from ...audit.models import AuditEvent
from ...audit.services import record
from ...commitments.models import CommitmentEvidence
from ...core.access.actions import Action
from ...core.access.scope import without_scope
from ...core.db import db
from ...core.errors import Conflict
from ...core.i18n import msg
from ...docking.models import DockingLink
from ...records.happenings import gathered
from ...tasks.models import Task
from ...visits.models import Visit
from .. import policy, queries
from ..models import ImportBatch, ImportRow
from ..targets.base import Target

CHUNK = 500
# What names a record by kind and public id: the database does not hold it, so it is asked.
POINTERS: tuple[tuple[InstrumentedAttribute[str], InstrumentedAttribute[str]], ...] = (
    (Attachment.subject_kind, Attachment.subject_public_id),
    (Task.subject_kind, Task.subject_public_id),
    (Visit.subject_kind, Visit.subject_public_id),
    (ActivityOutcome.subject_kind, ActivityOutcome.subject_public_id),
    (DockingLink.kind, DockingLink.public_id),
    (CommitmentEvidence.kind, CommitmentEvidence.subject_public_id),
)
TOUCHED = msg("Something that this import entered was used or changed since; change those records one by one")


def undo(batch: ImportBatch, target: Target, actor: User) -> None:
    """Remove what it entered, all or nothing; its rows stay. Raises Forbidden, Conflict where anything was touched."""
    policy.may_undo(actor, batch, target).enforce()
    public_ids = queries.entered_ids(batch)
    with without_scope():  # whoever touched it: the rule is about the records, not about the reader
        try:
            with gathered():
                target.take_back(public_ids)
            db.session.flush()
        except IntegrityError as error:
            raise Conflict(TOUCHED) from error
        # Asked once the rows are held: who changed one in the same moment has committed by now, or waits in vain.
        if any(_is_touched(batch, target, some) for some in _chunks(public_ids)):
            raise Conflict(TOUCHED)
    entered = (ImportRow.batch_id == batch.id, ImportRow.is_entered.is_(True))
    db.session.execute(update(ImportRow).where(*entered).values(is_entered=False, record_public_id=""))
    batch.undo()
    record(actor, Action.LEDGER_UNDO, batch, {"records": (len(public_ids), 0)})


def _chunks(public_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (public_ids[start : start + CHUNK] for start in range(0, len(public_ids), CHUNK))


def _is_touched(batch: ImportBatch, target: Target, public_ids: Sequence[str]) -> bool:
    """Whether anything was done with one of these records, or another record points at one."""
    done = select(AuditEvent.id).where(
        AuditEvent.object_type == target.audited,
        AuditEvent.object_id.in_(public_ids),
        AuditEvent.succeeded.is_(True),
        AuditEvent.happened_at > batch.entered_at,
    )
    pointing = (select(kind).where(kind == target.kind, public_id.in_(public_ids)) for kind, public_id in POINTERS)
    return any(db.session.scalar(one.limit(1)) is not None for one in (done, *pointing))
