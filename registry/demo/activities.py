"""Activities that newspapers told of, with their figures as they stood, and two fictional fairs of Anshan."""

from datetime import date, timedelta

from sqlalchemy import select

from ..accounts.models import User
from ..activities.enums import ActivityKind, Link, Part
from ..activities.figure_codes import FigureCode
from ..activities.inputs import ActivityDetails, FigureLine, OutcomeLine, PartyLine
from ..activities.models import Activity
from ..activities.services import entry, figures
from ..agreements.models import SigningEvent
from ..core.dates import Precision, today
from ..core.db import db, transaction
from ..mechanisms.models import DockingMechanism
from ..organisations.workdays import calendar
from . import launch
from .mechanisms import SOURCE
from .people import UNIVERSITY, organisation

ORGANISERS = ("省委组织部", "辽宁省教育厅")
STOPS = (
    ("辽宁科技大学", "鞍山市"),
    ("沈阳化工大学", "沈阳市"),
    ("沈阳农业大学", "沈阳市"),
    ("沈阳工学院", "抚顺市"),
    ("大连医科大学", "大连市"),
    ("辽宁工程技术大学", "阜新市"),
    ("西安邮电大学", "西安市"),
    ("西北工业大学", "西安市"),
    ("西安科技大学", "西安市"),
    ("西北大学", "西安市"),
)
UNSURE = {"沈阳工学院": "报道译文为 Shenyang Institute of Technology，按最可能的校名登记，待核。"}
FAIR = {
    FigureCode.EMPLOYERS: "202家",
    FigureCode.POSITIONS: "5,459个",
    FigureCode.POSITIONS_OVER_10K: "949个",
    FigureCode.ON_SITE: "7,580人",
    FigureCode.ONLINE_VIEWERS: "4.9万人次",
}
SERIES = (
    FigureLine(FigureCode.ACTIVITIES, "10场"),
    FigureLine(FigureCode.EMPLOYERS, "1,637家次"),
    FigureLine(FigureCode.POSITIONS, "6.24万个"),
    FigureLine(FigureCode.PARTICIPANTS, "more than 65,438+10,000", reading="10万余", note="译文数字有误，须核对原文"),
)


def enter_activities(people: dict[str, User], mechanisms: list[DockingMechanism]) -> list[Activity]:
    """The launch with its fair and the series with its ten stops by the province; two fairs by Anshan."""
    handler, head = people["liaoning.handler"], people["liaoning.section_head"]
    fair = _launch(handler)
    with transaction():
        figures.check_all(fair, head)
    _series(handler, mechanisms[0])
    return [fair, *_fictional(people, mechanisms[1])]


def _enter(given: ActivityDetails, handler: User) -> Activity:
    with transaction():
        return entry.enter(given, handler, is_demo=True)


def _organisers(handler: User) -> tuple[PartyLine, ...]:
    reported = tuple(PartyLine(Part.CO_ORGANISER, name_as_reported=name) for name in ORGANISERS)
    return PartyLine(Part.ORGANISER, handler.organisation.public_id), *reported


def _launch(handler: User) -> Activity:
    """The ceremony of 18 March 2023 and the job fair beside it."""
    event = db.session.scalar(select(SigningEvent).where(SigningEvent.title_zh == launch.LAUNCH.title_zh))
    about = launch.LAUNCH
    ceremony = ActivityDetails(
        ActivityKind.LAUNCH,
        about.title_zh,
        about.title_en,
        about.held_on,
        held_precision=Precision.DAY,
        place=about.place,
        region="210100",
        source=about.source,
        parties=_organisers(handler),
        signing_event=event.public_id if event else "",
        is_held=True,
        reference_key="LN-LAUNCH-20230318",
        figures=(FigureLine(FigureCode.UNIVERSITIES, "15所"), FigureLine(FigureCode.CITIES, "14个")),
    )
    fair = ActivityDetails(
        ActivityKind.JOB_FAIR,
        "启动仪式现场招聘活动",
        "On-site job fair after the launch",
        date(2023, 3, 18),
        held_precision=Precision.DAY,
        place=about.place,
        region="210100",
        source=about.source,
        parties=_organisers(handler)[:1],
        parent=_enter(ceremony, handler).public_id,
        is_held=True,
        reference_key="LN-FAIR-20230318",
        figures=tuple(FigureLine(code, text) for code, text in FAIR.items()),
    )
    return _enter(fair, handler)


def _series(handler: User, mechanism: DockingMechanism) -> None:
    """Its totals are the series' own: of the single stops nothing is told but the place."""
    given = ActivityDetails(
        ActivityKind.SERIES,
        "“百校千企”人才对接计划系列校园招聘",
        "Hundred Schools and Thousand Enterprises campus recruitment series",
        place="辽宁省、西安市",
        programme="百校千企",
        counting_note="单位为各场合计（家次）；参与人数含线上",
        notes="西安四场参加学生、现场收取简历和达成就业意向较以往明显增加（未报道具体数字）。",
        source=SOURCE,
        parties=_organisers(handler),
        is_held=True,
        reference_key="LN-BXQQ-2023",
        figures=SERIES,
        outcomes=(OutcomeLine("mechanism", mechanism.public_id),),
    )
    series = _enter(given, handler)
    for number, (school, place) in enumerate(STOPS, start=1):
        stop = ActivityDetails(
            ActivityKind.CAMPUS_FAIR,
            f"“百校千企”进校园招聘（{school}站）",
            place=place,
            programme="百校千企",
            notes=UNSURE.get(school, ""),
            source=SOURCE,
            parties=(*_organisers(handler)[:1], PartyLine(Part.HOST, organisation(school).public_id)),
            parent=series.public_id,
            is_held=True,
            reference_key=f"LN-BXQQ-2023-{number:02}",
        )
        _enter(stop, handler)


def _fictional(people: dict[str, User], mechanism: DockingMechanism) -> list[Activity]:
    """One that took place, checked by the university, and one that is planned."""
    handler = people["anshan.handler"]
    day = calendar().first_from(today() - timedelta(days=40))
    parties = (
        PartyLine(Part.ORGANISER, handler.organisation.public_id),
        PartyLine(Part.HOST, organisation(UNIVERSITY).public_id),
    )
    held = ActivityDetails(
        ActivityKind.CAMPUS_FAIR,
        "演示：鞍山重点企业走进西北工业大学专场招聘",
        held_on=day,
        held_precision=Precision.DAY,
        place="西安市",
        region="210300",
        parties=parties,
        is_held=True,
        figures=(
            FigureLine(FigureCode.EMPLOYERS, "24家"),
            FigureLine(FigureCode.POSITIONS, "360"),
            FigureLine(FigureCode.RESUMES, "约800份"),
            FigureLine(FigureCode.INTENTIONS, "近百人"),
        ),
        outcomes=(OutcomeLine("mechanism", mechanism.public_id, Link.BELONGS_TO),),
    )
    planned = ActivityDetails(
        ActivityKind.LIVE,
        "演示：鞍山市直播带岗",
        held_on=calendar().first_from(today() + timedelta(days=20)),
        held_precision=Precision.DAY,
        place="鞍山市",
        region="210300",
        parties=parties,
        figures=(FigureLine(FigureCode.EMPLOYERS, "30家"),),
    )
    made = [_enter(held, handler), _enter(planned, handler)]
    with transaction():
        figures.check_all(made[0], people["nwpu.section_head"])
    return made
