"""The launch of 18 March 2023, as the news tells of it: a signing event with one record for each locality.

The report says that fourteen cities and Shenfu signed school–locality agreements with universities inside and outside
the province, but not with which and how many: one record for each locality, its university to be found.
"""

from collections.abc import Sequence
from datetime import date

from ..accounts.models import User
from ..agreements import queries
from ..agreements.inputs_events import BatchRow, EventDetails
from ..agreements.models import Agreement, AgreementKind, SigningEvent
from ..agreements.services import batch, events
from ..core.dates import Precision
from ..core.db import transaction

TO_BE_FOUND = "待补高校"
SHENFU = ("沈抚改革创新示范区", "沈抚改革创新示范区人力资源和社会保障主管部门")
CITIES = (
    "沈阳",
    "大连",
    "鞍山",
    "抚顺",
    "本溪",
    "丹东",
    "锦州",
    "营口",
    "阜新",
    "辽阳",
    "盘锦",
    "铁岭",
    "朝阳",
    "葫芦岛",
)
LAUNCH = EventDetails(
    title_zh="高校毕业生等青年人才留辽来辽促就业行动启动仪式",
    title_en="Launch of the stay-in/come-to-Liaoning employment action for graduates and young talent",
    held_on=date(2023, 3, 18),
    held_precision=Precision.DAY,
    place="沈阳市（人力资源服务产业园）",
    source="人民网沈阳2023年3月19日电，2023年3月20日发布",
)


def batch_rows() -> list[BatchRow]:
    """The fifteen lines in code order, Shenfu last."""
    named = [(f"{city}市", f"{city}市人力资源和社会保障局") for city in CITIES]
    return [
        BatchRow(
            line,
            f"{place}与高校校地合作协议（2023年3月18日签约批次）",
            organisation,
            TO_BE_FOUND,
            AgreementKind.SCHOOL_LOCALITY,
        )
        for line, (place, organisation) in enumerate([*named, SHENFU], start=1)
    ]


def enter_launch(people: dict[str, User], strategic: Sequence[Agreement] = ()) -> SigningEvent:
    """Entered by the province's handler, confirmed all at once by its section head; others signed there are added."""
    handler, head = people["liaoning.handler"], people["liaoning.section_head"]
    with transaction():
        event = events.create(LAUNCH, handler, is_demo=True)
    for agreement in strategic:
        with transaction():
            events.add(event, agreement, handler)
    with transaction():
        made = batch.record_batch(event, batch_rows(), handler, is_demo=True)
    seen = {one.public_id: one.row_version for one in queries.programme_of(event, head).agreements if one in made}
    with transaction():
        batch.confirm_batch(event, seen, head)
    return event
