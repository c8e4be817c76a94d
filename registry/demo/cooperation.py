"""Agreements all over the province, so that leaders' figures have something to show: all fictional, and called so.

Entered from the past by the province's handler and confirmed by its section head, in the months before today.
"""

from ..accounts.models import User
from ..agreements.inputs import HistoricRecord, PartyLine, Term
from ..agreements.models import Agreement, AgreementKind, PartyRole
from ..agreements.services import entry
from ..core.dates import Precision, add_months, today
from ..core.db import transaction
from ..organisations.models import Organisation
from .people import organisation

TERM = Term(months=36)
SHENYANG, SHENFU = "沈阳市人力资源和社会保障局", "沈抚改革创新示范区人力资源和社会保障主管部门"
# Bureau, university, months ago; those of nearly three years ago end soon.
SIGNED = (
    (SHENYANG, "东北大学", 1),
    (SHENYANG, "沈阳工业大学", 3),
    (SHENYANG, "辽宁大学", 5),
    (SHENYANG, "沈阳化工大学", 34),
    ("大连市人力资源和社会保障局", "大连理工大学", 2),
    ("大连市人力资源和社会保障局", "大连海事大学", 4),
    ("大连市人力资源和社会保障局", "东北大学", 8),
    ("鞍山市人力资源和社会保障局", "辽宁科技大学", 2),
    ("抚顺市人力资源和社会保障局", "辽宁石油化工大学", 3),
    ("本溪市人力资源和社会保障局", "辽宁科技大学", 6),
    ("丹东市人力资源和社会保障局", "辽东学院", 4),
    ("锦州市人力资源和社会保障局", "渤海大学", 1),
    ("锦州市人力资源和社会保障局", "辽宁工业大学", 7),
    ("营口市人力资源和社会保障局", "大连理工大学", 9),
    ("阜新市人力资源和社会保障局", "辽宁工程技术大学", 2),
    ("辽阳市人力资源和社会保障局", "沈阳工业大学", 33),
    ("盘锦市人力资源和社会保障局", "大连理工大学", 3),
    ("铁岭市人力资源和社会保障局", "沈阳师范大学", 6),
    ("朝阳市人力资源和社会保障局", "渤海大学", 10),
    ("葫芦岛市人力资源和社会保障局", "辽宁工程技术大学", 5),
    (SHENFU, "沈阳工学院", 1),
    (SHENFU, "东北大学", 11),
)


def enter_cooperation(people: dict[str, User]) -> list[Agreement]:
    """All of them, in force."""
    handler, head = people["liaoning.handler"], people["liaoning.section_head"]
    return [_enter(organisation(bureau), organisation(school), ago, handler, head) for bureau, school, ago in SIGNED]


def _enter(bureau: Organisation, school: Organisation, ago: int, handler: User, head: User) -> Agreement:
    signed = add_months(today(), -ago)
    given = HistoricRecord(
        kind=AgreementKind.SCHOOL_LOCALITY,
        title_zh=f"演示·{bureau.region.short_zh or bureau.region.name_zh}与{school.name_zh}校地合作协议",
        title_en=f"Demonstration: {bureau.region.name_en} and {school.name_en}",
        parties=(PartyLine(bureau.public_id, role=PartyRole.LEAD), PartyLine(school.public_id)),
        source="演示来源，非真实文件",
        signed_on=signed,
        signed_precision=Precision.DAY,
        effective_on=signed,
        term=TERM,
        signing_place=bureau.region.name_zh,
    )
    with transaction():
        agreement = entry.record(given, handler, is_demo=True)
    with transaction():
        entry.confirm(agreement, head)
    return agreement
