"""Activities that tests begin with."""

from dataclasses import replace
from datetime import date

from registry.activities.enums import ActivityKind, Part
from registry.activities.figure_codes import FigureCode
from registry.activities.inputs import ActivityDetails, FigureLine, PartyLine
from registry.activities.models import Activity
from registry.activities.services import entry
from registry.core.dates import Precision
from tests.agreements.scene import Scene

LAUNCH_DAY = date(2023, 3, 18)
# The fair of 18 March 2023 as the news tells of it.
STORY = {
    FigureCode.EMPLOYERS: "202家",
    FigureCode.POSITIONS: "5,459个",
    FigureCode.POSITIONS_OVER_10K: "949",
    FigureCode.ON_SITE: "7,580人",
    FigureCode.ONLINE_VIEWERS: "4.9万人次",
}


def lines(**texts: str) -> tuple[FigureLine, ...]:
    """Figures by their codes."""
    return tuple(FigureLine(FigureCode(code), text) for code, text in texts.items())


def story_lines(**texts: str) -> tuple[FigureLine, ...]:
    """The story's figures, some of them otherwise."""
    return lines(**({str(code): text for code, text in STORY.items()} | texts))


def details(scene: Scene, **changes: object) -> ActivityDetails:
    """A job fair of the bureau at the university, held on the day of the launch."""
    given = ActivityDetails(
        kind=ActivityKind.JOB_FAIR,
        title_zh="启动仪式现场招聘活动",
        held_on=LAUNCH_DAY,
        held_precision=Precision.DAY,
        place="沈阳市",
        parties=(
            PartyLine(Part.ORGANISER, scene.bureau.organisation.public_id),
            PartyLine(Part.HOST, scene.university.organisation.public_id),
        ),
        is_held=True,
    )
    return replace(given, **changes)  # type: ignore[arg-type]  # any field of the details


def make_activity(scene: Scene, **changes: object) -> Activity:
    """Kept by the bureau; the caller holds the transaction."""
    return entry.enter(details(scene, **changes), scene.bureau.handler)


def make_series(scene: Scene, **changes: object) -> Activity:
    """A series without figures of its own, unless some are given."""
    given = {"kind": ActivityKind.SERIES, "title_zh": "百校千企系列校园招聘", "programme": "百校千企"}
    return make_activity(scene, **(given | changes))


def make_part(scene: Scene, series: Activity, **changes: object) -> Activity:
    """A campus fair of a series."""
    given = {"kind": ActivityKind.CAMPUS_FAIR, "title_zh": "进校招聘一站", "parent": series.public_id}
    return make_activity(scene, **(given | changes))
