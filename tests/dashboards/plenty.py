"""The stories, and beside them some records of every kind, made so that places, viewers and months do not coincide."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.accounts.models import User
from registry.activities.enums import ActivityKind, Part
from registry.activities.inputs import ActivityDetails, PartyLine
from registry.activities.models import Activity
from registry.activities.services import entry as activities
from registry.agreements.models import Agreement, AgreementStatus
from registry.bases.enums import BaseKind
from registry.bases.inputs import BaseDetails
from registry.bases.services import close as give_up
from registry.bases.services import enter as enter_base
from registry.core.access.roles import Role
from registry.core.dates import Precision, add_months, today
from registry.core.db import db, transaction
from registry.docking.enums import Stage
from registry.mechanisms.inputs import MechanismDetails, SideLine
from registry.mechanisms.services import enter as enter_mechanism
from registry.organisations.models import Organisation, OrganisationKind
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.services import entry as visits
from registry.workstations.services import moves
from tests.activities.fairs import lines
from tests.agreements.scene import Scene, Side
from tests.docking.pipeline import CODE, Pipeline
from tests.factories import make_organisation, make_region, make_user
from tests.stories.test_load import with_stories
from tests.workstations.stations import days_ago, operating, record

SPRING = "春风行动"
READERS = {
    "zone": "沈抚改革创新示范区人力资源和社会保障主管部门",
    "shenyang": "沈阳市人力资源和社会保障局",
    "school": "辽宁工业大学",
}


@dataclass
class Plenty:
    """Who there is: the demonstration's people, and one more each of a zone, a city and a university."""

    people: dict[str, User]

    def of(self, who: str) -> Organisation:
        """The organisation of one of them."""
        return self.people[who].organisation


def with_plenty() -> dict[str, User]:
    """Everybody by name; the records that follow are of every kind."""
    people = with_stories()
    with transaction():
        for name, organisation in READERS.items():
            found = db.session.scalars(select(Organisation).where(Organisation.name_zh == organisation)).one()
            people[name] = make_user(Role.HANDLER, Role.LEADER, organisation=found)
    plenty = Plenty(people)
    for build in (_series, _visits, _stations, _docking, _bases):
        with transaction():
            build(plenty)
    return people


def _activity(plenty: Plenty, by: str, *sides: tuple[Part, str], **changes: Any) -> Activity:
    given = ActivityDetails(
        kind=ActivityKind.CAMPUS_FAIR,
        title_zh="进校招聘",
        held_on=date(2026, 3, 5),
        held_precision=Precision.DAY,
        parties=tuple(PartyLine(part, plenty.of(one).public_id) for part, one in sides),
        is_held=True,
    )
    return activities.enter(replace(given, **changes), plenty.people[by])


def _series(plenty: Plenty) -> None:
    """Of the province, which says nothing of positions; of Anshan, which says all; and what is known by half."""
    organiser, host, guest = Part.ORGANISER, Part.HOST, Part.PARTICIPANT
    series = {"kind": ActivityKind.SERIES, "title_zh": "系列招聘"}
    spring = _activity(
        plenty, "liaoning.handler", (organiser, "liaoning.handler"), (guest, "shenyang"), **series, programme=SPRING,
        held_on=date(2026, 2, 20), figures=lines(employers="300家次", headcount="若干"),
    )  # fmt: skip
    part = {"parent": spring.public_id}
    _activity(
        plenty, "liaoning.handler", (organiser, "shenyang"), (host, "school"), **part, programme=f"{SPRING}、百校千企",
        held_on=date(2026, 4, 2), region="210113",
        figures=lines(employers="50家", positions="1,000", headcount="800", on_site="400人", intentions="50人",
                      positions_over_10k="100"),
    )  # fmt: skip
    _activity(
        plenty,
        "liaoning.handler",
        (organiser, "anshan.handler"),
        (host, "nwpu.handler"),
        **part,
        region="610100",
        figures=lines(employers="30家", positions="约500", participants="2,000余人次", on_site="900人次"),
    )
    own = _activity(
        plenty, "anshan.handler", (organiser, "anshan.handler"), (host, "school"), **series, held_on=date(2026, 5, 1),
        held_precision=Precision.MONTH, programme=SPRING,
        figures=lines(activities="3", positions="2,000", positions_over_10k="300", intentions="120人次"),
    )  # fmt: skip
    for school, town in (("school", "210381"), ("nwpu.handler", "210100")):
        _activity(
            plenty, "anshan.handler", (organiser, "anshan.handler"), (host, school), parent=own.public_id, region=town,
            programme=SPRING, held_on=date(2026, 6, 1),
            figures=lines(positions="500", positions_over_10k="50", employers="20", on_site="60人", headcount="90"),
        )  # fmt: skip
    _activity(plenty, "shenyang", (organiser, "shenyang"), held_on=date(2025, 1, 1), held_precision=Precision.YEAR)
    _activity(plenty, "school", (organiser, "school"), region="210381", figures=lines(cooperation_intentions="近百"))
    _activity(plenty, "anshan.handler", (organiser, "anshan.handler"), held_on=date(2099, 1, 1), is_held=False)


def _visits(plenty: Plenty) -> None:
    """Some employers twice in a year; one agreement followed up lately, another long ago."""
    given = VisitDetails(VisitKind.ENTERPRISE_EXPANSION, date(2026, 4, 8), took_place=True, findings="愿意来校招聘")
    for name, day, town in (("甲", 8, "210381"), ("甲", 2, "210381"), ("乙", 9, ""), ("丙", 1, "210100")):
        told: dict[str, Any] = {"day": date(2026, 4, day), "visited_name": f"{name}有限公司", "region": town}
        visits.enter(replace(given, **told), plenty.people["school"])
    visits.enter(replace(given, visited_name="甲有限公司", day=date(2025, 4, 1)), plenty.people["school"])
    visits.enter(replace(given, took_place=False, findings="", visited_name="丁"), plenty.people["school"])
    force = select(Agreement).where(Agreement.status == AgreementStatus.IN_FORCE).order_by(Agreement.id)
    for agreement, months in zip(db.session.scalars(force).all(), (2, 14), strict=False):
        about: dict[str, Any] = {"subject_kind": "agreement", "subject_public_id": agreement.public_id}
        visits.enter(
            replace(given, kind=VisitKind.FOLLOW_UP, visited=plenty.of("nwpu.handler").public_id,
                    day=add_months(today(), -months), **about),
            plenty.people["liaoning.handler"],
        )  # fmt: skip


def _stations(plenty: Plenty) -> None:
    """One active, one silent, one active and suspended; and a mechanism beside that of the stories."""
    scene = Scene(_side(plenty, "anshan"), _side(plenty, "nwpu"))
    record(scene, operating(scene), days_ago(90))
    record(scene, operating(scene, title_zh="静默站"), days_ago(91))
    paused = operating(scene, title_zh="暂停站")
    record(scene, paused, days_ago(5))
    moves.suspend(paused, "假期", plenty.people["anshan.leader"])
    sides = (SideLine(plenty.of("zone").public_id), SideLine(plenty.of("school").public_id))
    enter_mechanism(MechanismDetails(title_zh="对接机制", sides=sides), plenty.people["zone"])


def _side(plenty: Plenty, prefix: str) -> Side:
    roles = {Role.HANDLER, Role.LEADER}
    return Side(plenty.of(f"{prefix}.handler"), {role: plenty.people[f"{prefix}.{role}"] for role in roles})


def _docking(plenty: Plenty) -> None:
    """Cases that came to different stages in different months; of one nobody knows how many signed."""
    firm = make_organisation("测试制造有限公司", OrganisationKind.ENTERPRISE, uscc=CODE)
    clerk, head = plenty.people["anshan.handler"], plenty.people["anshan.leader"]
    line = Pipeline(plenty.of("anshan.handler"), plenty.of("school"), firm, clerk, head, plenty.people["school"], clerk)
    line.at(Stage.RETAINED_12M, registered_on=date(2024, 3, 29), region="210381")
    line.at(Stage.ONBOARDED, registered_on=date(2026, 3, 29))
    line.move(line.at(Stage.POSTED, registered_on=date(2026, 3, 30)), Stage.ONBOARDED, skip_reason="直接报到")
    line.at(Stage.SIGNED, registered_on=date(2026, 4, 1), university=plenty.of("nwpu.handler").public_id)
    line.case(registered_on=date(2026, 4, 20), bureau=plenty.of("shenyang").public_id, region="210100")


def _bases(plenty: Plenty) -> None:
    """Kept by a bureau with an employer elsewhere, by a bureau alone, by a university, and one that was given up."""
    firm = make_organisation(
        "测试装备有限公司", OrganisationKind.ENTERPRISE, make_region("210700", "锦州市", "Jinzhou")
    )
    given = BaseDetails("就业见习基地", BaseKind.TRAINEE, employer=firm.public_id)
    school, clerk = plenty.of("school").public_id, plenty.people["anshan.handler"]
    enter_base(replace(given, university=school), clerk)
    alone = replace(given, employer="", employer_as_reported="测试软件有限公司")
    enter_base(alone, plenty.people["shenyang"])
    enter_base(replace(given, title_zh="实习实训基地"), plenty.people["school"])
    given_up = enter_base(replace(alone, university=plenty.of("nwpu.handler").public_id), clerk)
    enter_base(replace(alone, university=plenty.of("nwpu.handler").public_id), clerk)
    give_up(given_up, "到期", plenty.people["anshan.section_head"])
