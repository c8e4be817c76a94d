"""Slips when an organisation is merged: numbers given out stay with who gave them. 督办单随单位合并."""

from sqlalchemy import Select, func, select

from ..core.i18n import msg
from ..organisations.models import Organisation
from ..organisations.repoint import derived, stays
from .models import SlipCounter, SupervisionSlip


def _count_slips(duplicate: Organisation) -> Select[int]:
    return select(func.count(SupervisionSlip.id)).where(SupervisionSlip.issuer_id == duplicate.id)


stays("task.slips", msg("Supervision slips issued, and their numbers"), _count_slips, SupervisionSlip.issuer_id)
derived(SlipCounter.issuer_id)
