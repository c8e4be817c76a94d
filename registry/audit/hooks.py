"""What the audit does by itself: records refusals, signs checkpoints, tells whether it is well. 审计挂钩."""

import logging
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from ..core import readiness, refusals
from ..core.db import db
from ..core.i18n import msg
from ..core.refusals import Refusal
from ..jobs.daily import daily
from . import chain, checkpoints
from .models import AuditHead
from .services import record_refusal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """What a refused request was about, as far as its address tells: the record itself may be out of sight."""

    public_id: str
    audit_label: str = ""


def install(_app: object) -> None:
    """Listen to refusals and commits; the checks and the daily task are registered by the import."""
    refusals.on_refusal(_record)
    chain.after_link(checkpoints.on_link)


def _record(refusal: Refusal) -> None:
    """The person gets their answer even where the database does not take the event."""
    subject = Address(refusal.object_id) if refusal.object_id else None
    try:
        record_refusal(refusal.actor, refusal.action, subject, refusal.reason)
    except SQLAlchemyError:
        log.exception("a refusal could not be recorded")


@readiness.ready_when("audit")
def has_head() -> bool:
    """The chain has its head."""
    return db.session.scalar(select(AuditHead.seq)) is not None


@daily("audit-checkpoint", msg("Audit: sign a checkpoint"))
def sign_daily(_day: date) -> None:
    """A checkpoint a day, if anything happened."""
    checkpoints.checkpoint()
