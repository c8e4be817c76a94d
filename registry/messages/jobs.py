"""What workers do with messages. 消息任务."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from ..core.dates import now
from ..core.i18n import msg
from ..jobs.daily import daily
from ..jobs.reasons import written
from ..jobs.registry import GiveUp, handles
from .models import Delivery
from .services import bundles, delivering, housekeeping, proving
from .services.outbox import BUNDLE, DELIVER


@handles(DELIVER, title=msg("Messages: deliver one"))
def deliver(payload: Mapping[str, Any]) -> None:
    """Make one delivery. Raises GiveUp, for the administrator's page, when nobody will try again by themselves."""
    _attempt(Delivery.public_id == payload["delivery"])


@handles(BUNDLE, title=msg("Messages: deliver the e-mail of a day"))
def deliver_bundle(payload: Mapping[str, Any]) -> None:
    """Send somebody's e-mail of a day. Raises GiveUp."""
    _attempt(Delivery.target == payload["target"], Delivery.bundle_on == date.fromisoformat(payload["day"]))


@handles(proving.PROVE, title=msg("Messages: send the code that proves an address"))
def send_code(payload: Mapping[str, Any]) -> None:
    """Send the code that proves an e-mail address. Raises Unsent, so that it is tried again while the code is good."""
    proving.send_code(payload["preference"])


@daily("messages-digest", msg("Messages: put together the e-mails of the day"))
def gather(day: date) -> None:
    """Put together the e-mails of those who want one a day."""
    bundles.gather(day)


@daily("messages-cleanup", msg("Clean up: messages read long ago"))
def clean_up(_day: date) -> None:
    """Forget messages that were read long ago."""
    while housekeeping.forget_some(now()):
        pass


def _attempt(*wanted: ColumnElement[bool]) -> None:
    begun = delivering.begin(*wanted)
    if begun is None:
        return
    answer = begun.errand.run()
    reason = delivering.settle(begun, answer)
    if reason is not None:
        raise GiveUp(written(reason))
