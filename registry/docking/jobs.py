"""Once a day: cases that nobody moved for 30 days. 每日检查。"""

from datetime import date

from ..core.db import transaction
from ..core.i18n import msg
from ..jobs.daily import daily
from . import services


@daily("docking-stuck", msg("Reminders: docking cases that are stuck"))
def stuck(day: date) -> None:
    """Open reminders for cases that are stuck, batch by batch; a second run finds them open."""
    last = -1
    while last:
        with transaction():
            last = services.remind_of_stuck(day, max(last, 0))
