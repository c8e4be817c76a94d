"""Visits: a university's to fictional employers, and Anshan's follow-up visits, one of them with a finding at work."""

from datetime import timedelta

from ..accounts.models import User
from ..agreements.models import Agreement
from ..core.dates import today
from ..core.db import transaction
from ..core.figures.kinds import Unit
from ..core.figures.reading import read_figure
from ..mechanisms.models import DockingMechanism
from ..organisations.workdays import calendar
from ..visits.enums import Direction, EmployerNature, FigureCode, Intention, Rating, VisitKind, VisitState
from ..visits.inputs import FindingTask, VisitDetails
from ..visits.models import Visit
from ..visits.services import entry, findings
from .papers import attach_photos
from .people import UNIVERSITY, organisation

AGREEMENT, MECHANISM = "agreement", "mechanism"
# Days ago (the oldest first, so that the last is a repeat), employer, place, office of the leader, college, posts.
EMPLOYERS = (
    (120, "演示·鞍钢配套设备有限公司", "210300", "副校长", "材料学院", "约20"),
    (61, "演示·秦岭软件有限公司", "610100", "计算机学院院长", "计算机学院", ""),
    (40, "演示·菱镁新材料有限公司", "210300", "副校长", "材料学院", "20余"),
    (33, "演示·西安航空部件有限公司", "610100", "校长", "航空学院", "约15"),
    (12, "演示·鞍钢配套设备有限公司", "210300", "党委书记", "材料学院", "30"),
)
WRONG_CODE = "91210300MA0YANSHI0"  # made up, with a wrong check character


def enter_visits(people: dict[str, User], agreement: Agreement, mechanism: DockingMechanism) -> list[Visit]:
    """All of them, each by the handler whose visit it is."""
    made = [_to_employer(people["nwpu.handler"], *row) for row in EMPLOYERS]
    return [*made, *_follow_ups(people["anshan.handler"], agreement, mechanism)]


def _to_employer(handler: User, ago: int, employer: str, place: str, office: str, college: str, posts: str) -> Visit:
    given = VisitDetails(
        kind=VisitKind.ENTERPRISE_EXPANSION,
        day=calendar().first_from(today() - timedelta(days=ago)),
        took_place=True,
        direction=Direction.ONLINE if not posts else Direction.GO_OUT,
        visited_name=employer,
        visited_uscc=WRONG_CODE if ago == EMPLOYERS[2][0] else "",
        region=place,
        nature=EmployerNature.OTHER_ENTERPRISE,
        industry="C",
        leader_name="演示·带队人",
        leader_office=office,
        college=college,
        majors="材料、机械",
        intentions=(Intention.FAIR, Intention.INTERNSHIP_BASE),
        findings="演示：企业愿意来校招聘，并接收实习生。",
        figures={FigureCode.POSTS: read_figure(posts, Unit.POSITIONS)} if posts else {},
    )
    with transaction():
        return entry.enter(given, handler, is_demo=True)


def _follow_ups(handler: User, agreement: Agreement, mechanism: DockingMechanism) -> list[Visit]:
    """One held with a finding that became a task, one planned, one that did not take place."""
    workdays = calendar()
    held = VisitDetails(
        kind=VisitKind.FOLLOW_UP,
        day=today(),
        took_place=True,
        direction=Direction.ONLINE,
        visited=organisation(UNIVERSITY).public_id,
        leader_name="演示·带队人",
        leader_office="就业科科长",
        receiver="演示·接待人",
        receiver_title="就业指导中心主任",
        findings="演示：协议履行总体正常。",
        problems=("演示：秋季专场招聘会尚未确定场次",),
        rating=Rating.FAIRLY_GOOD,
        follow_up_days=60,
        subject_kind=AGREEMENT,
        subject_public_id=agreement.public_id,
    )
    planned = VisitDetails(
        kind=VisitKind.FOLLOW_UP,
        day=workdays.add(today(), 8).day,
        visited=organisation(UNIVERSITY).public_id,
        subject_kind=MECHANISM,
        subject_public_id=mechanism.public_id,
    )
    missed = VisitDetails(
        kind=VisitKind.FIELD_DOCKING,
        day=workdays.first_from(today() - timedelta(days=20)),
        visited_name="演示·鞍钢配套设备有限公司",
    )
    made = []
    for given in (held, planned, missed):
        with transaction():
            made.append(entry.enter(given, handler, is_demo=True))
    with transaction():
        task = FindingTask(lead=handler.organisation.public_id, days=10)
        findings.assign(made[0], made[0].problems[0], task, handler)
        entry.drop(made[2], VisitState.NOT_HELD, "演示：企业停产检修，改期", handler)
    attach_photos(made[0], handler)
    return made
