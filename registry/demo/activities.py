"""Activities that newspapers told of, with their figures as they stood, and two fictional fairs of Anshan."""

from datetime import timedelta

from ..accounts.models import User
from ..activities.enums import ActivityKind, Link, Part
from ..activities.figure_codes import FigureCode
from ..activities.inputs import ActivityDetails, FigureLine, OutcomeLine, PartyLine
from ..activities.models import Activity
from ..activities.services import entry, figures
from ..core.dates import Precision, today
from ..core.db import transaction
from ..mechanisms.models import DockingMechanism
from ..organisations.workdays import calendar
from ..stories import activities as told
from ..stories.load import load_stories
from .people import UNIVERSITY, organisation

FAIR = "LN-FAIR-20230318"


def enter_activities(people: dict[str, User], mechanisms: list[DockingMechanism]) -> list[Activity]:
    """What is still missing of the stories by the province, which checks the fair's figures; two fairs by Anshan."""
    head = people["liaoning.section_head"]
    load_stories(people["liaoning.handler"], head)
    fair = told.recorded(FAIR)
    with transaction():
        figures.check_all(fair, head)
    return [fair, *_fictional(people, mechanisms[1])]


def _enter(given: ActivityDetails, handler: User) -> Activity:
    with transaction():
        return entry.enter(given, handler, is_demo=True)


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
