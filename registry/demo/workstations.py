"""Two fictional workstations: one that two localities run with activity, one that fell silent after its first year."""

from datetime import date, timedelta
from decimal import Decimal

from ..accounts.models import User
from ..agreements.models import Agreement
from ..core.dates import Precision, today
from ..core.db import transaction
from ..organisations.inputs import ContactDetails
from ..organisations.models import Organisation
from ..organisations.services.contacts import add_contact
from ..workstations.enums import ActivityKind, ActivityState, WorkstationKind
from ..workstations.inputs import ActivityDetails, ContactChoice, StationDetails, Targets, Verdict
from ..workstations.models import Workstation
from ..workstations.services import activities, entry, moves, reminders, yearly
from .people import UNIVERSITY, organisation

A = ActivityKind
SECOND_FOUNDER, SECOND_HOST = "辽阳市人力资源和社会保障局", "辽宁科技大学"
SILENT_DAYS = 91  # a day longer than is passed over
DONE = ((A.TALK, 20, 1, None), (A.FAIR, 45, 1, None), (A.POSTS, 60, 120, None), (A.INTRODUCED, 30, 8, 3))


def enter_workstations(people: dict[str, User], agreement: Agreement | None = None) -> list[Workstation]:
    """Entered by Anshan's handler, put into operation by its leader; the silent one has its reminders."""
    made = [_lively(people, agreement), _silent(people)]
    reminders.remind_silent(today())
    return made


def _lively(people: dict[str, User], agreement: Agreement | None) -> Workstation:
    handler, theirs = people["anshan.handler"], people["nwpu.handler"]
    begun = date(today().year - 1, 3, 1)
    given = StationDetails(
        title_zh="演示：鞍山市、辽阳市驻西北工业大学人才合作工作站",
        title_en="Demonstration: talent workstation of Anshan and Liaoyang at NPU",
        kind=WorkstationKind.TALENT_COOP,
        founders=(handler.organisation.public_id, organisation(SECOND_FOUNDER).public_id),
        host=organisation(UNIVERSITY).public_id,
        number="演示·GZZ·001",
        host_department="演示：就业指导中心",
        place="演示：校区一楼大厅",
        opening_hours="演示：每周三14:00—17:00",
        unveiled_on=begun,
        unveiled_precision=Precision.DAY,
        term_from=begun,
        term_until=today() + timedelta(days=60),
        agreement=agreement.public_id if agreement else "",
        fund_wan=Decimal("5"),
    )
    station = _operating(given, people)
    _liaison(station, handler.organisation, "演示·鞍山联络员", handler)
    _liaison(station, theirs.organisation, "演示·学校联络员", theirs)
    _judged(station, people)
    with transaction():
        yearly.set_targets(station, Targets(today().year, {A.TALK: 2, A.FAIR: 1, A.POSTS: 200}), handler)
    for kind, ago, number, master_plus in DONE:
        day = max(today() - timedelta(days=ago), begun)
        given_activity = ActivityDetails(kind, ActivityState.HELD, day, number, master_plus, "演示数据")
        with transaction():
            activities.add(station, given_activity, theirs if kind is A.FAIR else handler)
    planned = ActivityDetails(A.TALK, ActivityState.PLANNED, today() + timedelta(days=14), note="演示：下一场宣讲")
    with transaction():
        activities.add(station, planned, handler)
    return station


def _silent(people: dict[str, User]) -> Workstation:
    """Two talks and a fair were expected; one of each was held, and nothing since."""
    handler, last = people["anshan.handler"], today() - timedelta(days=SILENT_DAYS)
    given = StationDetails(
        title_zh="演示：鞍山市驻辽宁科技大学就业创业指导工作站（静默）",
        title_en="Demonstration: guidance station of Anshan at USTL (silent)",
        kind=WorkstationKind.GUIDANCE,
        founders=(handler.organisation.public_id,),
        host=organisation(SECOND_HOST).public_id,
        unveiled_on=last - timedelta(days=30),
        unveiled_precision=Precision.DAY,
    )
    station = _operating(given, people)
    with transaction():
        yearly.set_targets(station, Targets(last.year, {A.TALK: 2, A.FAIR: 1}), handler)
    for kind in (A.TALK, A.FAIR):
        with transaction():
            activities.add(station, ActivityDetails(kind, ActivityState.HELD, last, note="演示数据"), handler)
    return station


def _operating(given: StationDetails, people: dict[str, User]) -> Workstation:
    with transaction():
        station = entry.enter(given, people["anshan.handler"], is_demo=True)
    with transaction():
        moves.start(station, None, people["anshan.leader"])
    return station


def _liaison(station: Workstation, side: Organisation, name: str, by: User) -> None:
    with transaction():
        contact = add_contact(by, side, ContactDetails(name, "演示职务", "", "", "工作站联络"))
        entry.name_contact(station, ContactChoice(side.public_id, contact.public_id), by)


def _judged(station: Workstation, people: dict[str, User]) -> None:
    """Last year: two talks of two, decided as suggested."""
    last = today().year - 1
    with transaction():
        yearly.set_targets(station, Targets(last, {A.TALK: 2}), people["anshan.handler"])
    for month in (4, 10):
        talk = ActivityDetails(A.TALK, ActivityState.HELD, date(last, month, 15), note="演示数据")
        with transaction():
            activities.add(station, talk, people["anshan.handler"])
    grade = yearly.suggestion(station, last).grade
    with transaction():
        yearly.decide_grade(station, Verdict(last, grade), people["anshan.section_head"])
