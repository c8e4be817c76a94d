"""A ceremony that lies ahead, with two agreements that can be signed at its table; fictional and marked 演示."""

from datetime import timedelta

from ..accounts.models import User
from ..agreements.inputs_events import EventDetails, ProgrammeRow
from ..agreements.models import SigningEvent
from ..agreements.services import events
from ..core.dates import Precision, today
from ..core.db import transaction
from .states import Cast

AHEAD = timedelta(days=21)
TITLES = ("演示协议：集中签约之一", "演示协议：集中签约之二")
PROGRAMME = (
    ProgrammeRow("来宾签到", "08:30", "演示·经办人"),
    ProgrammeRow("致辞", "09:00", "演示·分管领导"),
    ProgrammeRow("校地合作协议签约", "09:20", "各方签字人"),
)


def enter_ceremony(people: dict[str, User]) -> SigningEvent:
    """Hosted by the Anshan bureau, in three weeks."""
    cast = Cast(people)
    agreements = [cast.signing(title) for title in TITLES]
    given = EventDetails(
        title_zh="演示：校地合作集中签约仪式",
        title_en="Demonstration: joint signing ceremony",
        held_on=today() + AHEAD,
        held_precision=Precision.DAY,
        place="鞍山市",
        programme=PROGRAMME,
    )
    with transaction():
        event = events.create(given, people["anshan.handler"], is_demo=True)
    for agreement in agreements:
        with transaction():
            events.add(event, agreement, people["anshan.handler"])
    return event
