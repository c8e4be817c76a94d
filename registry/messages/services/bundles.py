"""The one e-mail a day of those who chose it. 每日汇总邮件."""

from datetime import UTC, date, datetime, time

from sqlalchemy import select, update

from ...core.dates import SHANGHAI
from ...core.db import db, transaction
from ..enums import DeliveryStatus
from ..models import Delivery
from . import outbox

AT = time(8)
BATCH = 200


def gather(day: date) -> int:
    """Put what waits into the day's e-mails, one for each person; how many e-mails. A second time finds nothing."""
    count = 0
    while made := _gather_some(day):
        count += made
    return count


def _gather_some(day: date) -> int:
    waiting = (Delivery.status == DeliveryStatus.QUEUED, Delivery.bundled, Delivery.bundle_on.is_(None))
    with transaction():
        targets = db.session.scalars(select(Delivery.target).where(*waiting).distinct().limit(BATCH)).all()
        morning = datetime.combine(day, AT, SHANGHAI).astimezone(UTC)
        chosen = update(Delivery).where(*waiting, Delivery.target.in_(targets))
        db.session.execute(
            chosen.values(bundle_on=day, due_at=morning), execution_options={"synchronize_session": False}
        )
        for target in targets:
            outbox.schedule_bundle(target, day, morning)
    return len(targets)
