"""Docking mechanisms: the one that newspapers told of, without paper, and a fictional one that meets regularly."""

from datetime import timedelta

from ..accounts.models import User
from ..core.dates import Precision, today
from ..core.db import transaction
from ..mechanisms import services
from ..mechanisms.enums import Rhythm, WrittenForm
from ..mechanisms.inputs import MechanismDetails, MeetingDetails, SideLine
from ..mechanisms.models import DockingMechanism
from ..organisations.workdays import calendar
from ..stories import mechanisms as told
from ..stories import reading
from ..stories.keeping import Load
from .people import UNIVERSITY, organisation

REPORTED = "AG-003"


def enter_mechanisms(people: dict[str, User]) -> list[DockingMechanism]:
    """Shenyang's by the province, which reads of it; Anshan's by its own handler, with two meetings."""
    told.load_one(Load(people["liaoning.handler"]), reading.agreement(REPORTED))
    return [told.recorded(REPORTED), _regular(people["anshan.handler"])]


def _regular(handler: User) -> DockingMechanism:
    workdays = calendar()
    first = workdays.first_from(today() - timedelta(days=150))
    second = workdays.first_from(first + timedelta(days=98))
    sides = (SideLine(handler.organisation.public_id), SideLine(organisation(UNIVERSITY).public_id))
    given = MechanismDetails(
        title_zh="演示：鞍山市与西北工业大学人才对接机制",
        sides=sides,
        established_on=first - timedelta(days=30),
        established_precision=Precision.DAY,
        written_form=WrittenForm.MINUTES,
        rhythm=Rhythm.QUARTERLY,
        plan="演示：秋季学期组织重点企业进校招聘一场。",
    )
    with transaction():
        mechanism = services.enter(given, handler, is_demo=True)
        services.advance(mechanism, handler)
    for day, text in ((first, "演示：互通岗位与生源信息"), (second, "演示：商定进校招聘安排")):
        meeting = MeetingDetails(day, text, place="鞍山市", decisions=("演示：双方各明确一名联络人",))
        with transaction():
            services.record_meeting(mechanism, meeting, handler)
    with transaction():
        services.advance(mechanism, handler)
    return mechanism
