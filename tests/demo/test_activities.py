"""The demonstration's activities say what the news told, in its own numbers, and nothing else."""

from sqlalchemy import select

from registry.accounts.models import User
from registry.activities.enums import ActivityState
from registry.activities.figure_codes import FigureCode
from registry.activities.models import Activity
from registry.activities.queries.totals import totals
from registry.activities.ratios import ratios
from registry.core.db import db
from registry.core.figures.showing import figure_text
from registry.demo.activities import enter_activities
from registry.demo.mechanisms import enter_mechanisms
from registry.stories.keeping import public_id


def test_the_activities_of_the_news(people: dict[str, User]) -> None:
    fair, held, planned = enter_activities(people, enter_mechanisms(people))
    assert {str(one.value) for one in ratios({one.code: one for one in fair.current_figures})} == {"17.4", "27.0"}
    series = db.session.scalars(select(Activity).where(Activity.public_id == public_id("LN-BXQQ-2023"))).one()
    stops = db.session.scalars(select(Activity).where(Activity.parent_id == series.id)).all()
    assert (len(stops), {stop.held_on for stop in stops}) == (10, {None})
    assert [one for stop in stops for one in stop.figures] == []
    (participants,) = [one for one in series.figures if one.code is FigureCode.PARTICIPANTS]
    assert (participants.value, participants.needs_check) == (100_000, True)
    assert {one.checked_by for one in held.figures} == {people["nwpu.section_head"]}
    assert planned.state is ActivityState.PLANNED
    shown = {
        code: [figure_text(one, "zh") for one in sums] for code, sums in totals(people["liaoning.overseer"], ()).items()
    }
    assert shown[FigureCode.ACTIVITIES] == ["13场"]
    assert set(shown[FigureCode.EMPLOYERS]) == {"1,637家次", "261家"}
