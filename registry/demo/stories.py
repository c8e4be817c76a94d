"""Two agreements that newspapers told of in 2023, entered as historic records: what is not told stays empty."""

from datetime import date

from sqlalchemy import func, select

from ..accounts.models import User
from ..agreements.inputs import HistoricRecord, PartyLine
from ..agreements.models import Agreement, AgreementKind, AgreementStatus
from ..agreements.services import entry
from ..core.dates import Precision
from ..core.db import db, transaction
from .people import UNIVERSITY, organisation

STORIES = 2
LAUNCHED = 15  # see `launch`
LIVES = 3  # see `life`
AT_THE_TABLE = 2  # see `ceremony`
FOUR_DEPARTMENTS = (
    "辽宁省人力资源和社会保障厅",
    "吉林省人力资源和社会保障厅",
    "黑龙江省人力资源和社会保障厅",
    "内蒙古自治区人力资源和社会保障厅",
)


def framework() -> HistoricRecord:
    """Anshan and Northwestern Polytechnical University: neither day nor signing organ of Anshan is told."""
    return HistoricRecord(
        kind=AgreementKind.FRAMEWORK,
        title_zh="鞍山市与西北工业大学校地合作框架协议",
        title_en="Anshan–Northwestern Polytechnical University School–Locality Cooperation Framework Agreement",
        parties=(
            PartyLine(name_as_reported="鞍山市（签约主体待核）"),
            PartyLine(organisation(UNIVERSITY).public_id),
        ),
        source="关于辽宁省“百校千企”人才对接校园招聘活动的新闻报道（未署日期，据内容为2023年春季）",
    )


def strategic() -> HistoricRecord:
    """Four departments on 18 March 2023; term, copies and signatories are not told."""
    lines = tuple(PartyLine(organisation(name).public_id) for name in FOUR_DEPARTMENTS)
    return HistoricRecord(
        kind=AgreementKind.STRATEGIC,
        title_zh="东北三省一区高校毕业生就业战略合作协议",
        title_en="Strategic Cooperation Agreement of Three Northeastern Provinces and One Autonomous Region "
        "on Graduate Employment",
        parties=lines,
        source="人民网沈阳2023年3月19日电，2023年3月20日发布",
        signed_on=date(2023, 3, 18),
        signed_precision=Precision.DAY,
        signing_place="沈阳市人力资源服务产业园",
    )


def enter_stories(people: dict[str, User]) -> list[Agreement]:
    """Entered by a handler, confirmed by the section head of the same organisation."""
    made = []
    for given, prefix in ((framework(), "anshan"), (strategic(), "liaoning")):
        with transaction():
            agreement = entry.record(given, people[f"{prefix}.handler"], is_demo=True)
        with transaction():
            entry.confirm(agreement, people[f"{prefix}.section_head"])
        made.append(agreement)
    return made


def is_complete() -> bool:
    """Whether all of the demonstration is there: stories, launch, ceremony, one in each state, and later lives."""
    made = db.session.scalar(select(func.count(Agreement.id)).where(Agreement.is_demo.is_(True))) or 0
    return made >= STORIES + LAUNCHED + AT_THE_TABLE + LIVES + len(AgreementStatus)
