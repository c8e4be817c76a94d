"""Enterprise docking at every kind of stage: under way, stuck, lost, people there; enterprises are fictional, 演示."""

from dataclasses import dataclass
from datetime import date, timedelta

from ..accounts.models import User
from ..agreements.models import Agreement
from ..core.dates import today
from ..core.db import transaction
from ..docking import services
from ..docking.enums import DropReason, Stage
from ..docking.inputs import CaseDetails, Link, Loss, StageDetails
from ..docking.models import DockingCase
from ..organisations.uscc import check_character
from ..workstations.models import Workstation
from ..workstations.services import KIND as WORKSTATION
from .people import UNIVERSITY, organisation

PLACE = "210300"
CODE = "91210300MA00000{:02}"  # the check character is added; no such enterprise is meant
COUNTS: dict[Stage, dict[str, int | None]] = {
    Stage.VERIFIED: {"posts": 20, "headcount": 30},
    Stage.POSTED: {"posts": 20, "headcount": 30, "pay_from": 6000, "pay_to": 9000},
    Stage.FAIR: {"entrants": 120, "resumes": 46},
    Stage.INTERVIEW: {"interviewed": 15},
    Stage.OFFER: {"offers": 12, "offers_master": 5},
    Stage.SIGNED: {"signed": 10},
    Stage.ONBOARDED: {"onboarded": 8},
    Stage.RETAINED_6M: {"retained": 9},
}
EVIDENCE = {
    Stage.FIELD_DOCKING: "演示：就业指导中心与企业人力资源部座谈，纪要存人才科",
    Stage.POSTED: "演示：校园招聘网发布",
    Stage.SIGNED: "演示：以毕业去向登记为准",
}


@dataclass(frozen=True)
class Story:
    """One fictional enterprise: how far it came, how many days ago it began, how many days a stage took."""

    name: str
    industry: str
    stage: Stage
    began: int
    pace: int
    skipped: tuple[Stage, ...] = ()


STORIES = (
    Story("演示·镁质材料有限公司", "C", Stage.RETAINED_6M, 420, 24),
    Story("演示·冶金装备有限公司", "C", Stage.ONBOARDED, 160, 20, (Stage.FAIR,)),
    Story("演示·智能制造有限公司", "C", Stage.SIGNED, 110, 14),
    Story("演示·工业软件有限公司", "I", Stage.INTERVIEW, 60, 11),
    Story("演示·新能源电力有限公司", "D", Stage.POSTED, 90, 15, (Stage.FIELD_DOCKING,)),
    Story("演示·检测技术有限公司", "M", Stage.FIELD_DOCKING, 20, 8),
    Story("演示·建设工程有限公司", "E", Stage.REGISTERED, 5, 5),
)
LOST = Story("演示·物流供应链有限公司", "G", Stage.VERIFIED, 75, 10)


def enter_docking(people: dict[str, User], agreement: Agreement, station: Workstation) -> list[DockingCase]:
    """The bureau's handler records them; the first three came from an agreement in force, two of them by a station."""
    handler = people["anshan.handler"]
    made = [_enter(number, story, handler, agreement if number < 3 else None) for number, story in enumerate(STORIES)]
    lost = _enter(len(STORIES), LOST, handler, None)
    with transaction():
        for case in made[:2]:
            services.link(case, Link(WORKSTATION, station.public_id), handler)
        services.lose(lost, Loss(DropReason.PAY, "演示：薪酬低于毕业生预期"), handler)
    return [*made, lost]


def _enter(number: int, story: Story, handler: User, agreement: Agreement | None) -> DockingCase:
    body = CODE.format(number)
    day = today() - timedelta(days=story.began)
    given = CaseDetails(
        university=organisation(UNIVERSITY).public_id,
        enterprise_as_reported=story.name,
        uscc=body + check_character(body),
        bureau=handler.organisation.public_id,
        region=PLACE,
        industry=story.industry,
        majors="材料、机械、计算机",
        posts=20,
        headcount=30,
        responsible=handler.name,
        agreement=agreement.public_id if agreement else "",
        registered_on=day,
    )
    with transaction():
        case = services.enter(given, handler, is_demo=True)
    for stage in Stage:
        if Stage.REGISTERED.position < stage.position <= story.stage.position and stage not in story.skipped:
            day += timedelta(days=story.pace)
            _move(case, stage, _on(case, stage, day), handler)
    return case


def _on(case: DockingCase, stage: Stage, day: date) -> date:
    """The check after half a year comes when it was planned."""
    entry = case.entry_of(stage)
    return min(entry.planned_on, today()) if entry is not None and entry.planned_on else day


def _move(case: DockingCase, stage: Stage, day: date, handler: User) -> None:
    reason = "演示：线上对接，本环节未单独组织" if case.unexplained(stage) else ""
    given = StageDetails(day, COUNTS.get(stage, {}), EVIDENCE.get(stage, ""), skip_reason=reason)
    with transaction():
        services.advance(case, stage, given, handler)
