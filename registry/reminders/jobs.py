"""Reminding as the daily work that it is. 每日提醒任务."""

from datetime import date

from ..core.dates import today
from ..core.i18n import msg
from ..jobs.daily import daily
from ..messages.services import bundles
from . import delivery, digest


@daily("reminders", msg("Reminders: tell what falls due, and the digests"))
def remind(day: date) -> None:
    """Give what fell due, then put the digests together.

    Days that were missed each have a job; the first to run catches all of them up, the others find nothing. The day's
    e-mail was put together before, maybe: the digest still goes into it, not into tomorrow's.
    """
    delivery.remind(day)
    digest.put_together(day)
    bundles.gather(max(day, today()))
