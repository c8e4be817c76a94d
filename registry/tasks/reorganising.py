"""Tasks when organisations are merged: nobody supports itself, numbers of slips stay. 任务随单位合并."""

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from ..core.i18n import msg
from ..organisations.models import Organisation
from ..organisations.repoint import Merging, Pointer, derived, follows, stays
from ..records.reorganising import NAMED
from .models import SlipCounter, SupervisionSlip, Task, TaskUnit


def _count_slips(duplicate: Organisation) -> Select[int]:
    return select(func.count(SupervisionSlip.id)).where(SupervisionSlip.issuer_id == duplicate.id)


def _helps_itself(merging: Merging) -> ColumnElement[bool]:
    """One of the two leads the task and the other supports it."""
    one, other = merging.duplicate.id, merging.survivor.id
    led_by_other = or_(
        and_(TaskUnit.organisation_id == one, Task.lead_id == other),
        and_(TaskUnit.organisation_id == other, Task.lead_id == one),
    )
    return select(Task.id).where(Task.id == TaskUnit.task_id, led_by_other).correlate(TaskUnit).exists()


SUPPORT = "task_unit.organisation_id"
follows(Pointer(SUPPORT, NAMED, TaskUnit.organisation_id, beside=(TaskUnit.task_id,), folds=_helps_itself))
stays("task.slips", msg("Supervision slips issued, and their numbers"), _count_slips, SupervisionSlip.issuer_id)
derived(SlipCounter.issuer_id)
