"""Activities: recorded by either side, appended, corrected with a reason; and signs of life that others tell of."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.organisations.models import OrganisationKind
from registry.records.happenings import Happening, Told, tell
from registry.records.queries import history
from registry.workstations import queries
from registry.workstations.enums import ActivityKind, ActivityState
from registry.workstations.inputs import ActivityDetails
from registry.workstations.models import Workstation, WorkstationActivity
from registry.workstations.queries import Counted
from registry.workstations.services import activities, entry, moves
from tests.agreements.scene import Scene, make_scene, make_side

from .stations import FAIR, INTRODUCED, TALK, days_ago, held, make_station, operating, record, station_input

A = ActivityState
YEAR = date(2025, 6, 1)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def done(station: Workstation, year: int) -> dict[ActivityKind, Counted]:
    return queries.done_in([station.id], year)[station.id]


def last_active(station: Workstation) -> date | None:
    return station.last_active_on


def state(activity: WorkstationActivity) -> ActivityState:
    return activity.state


def planned(day: date) -> ActivityDetails:
    return ActivityDetails(TALK, A.PLANNED, day)


def test_either_side_records_and_the_figures_add_up(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        activities.add(station, held(YEAR, number=2), scene.university.handler)
        activities.add(station, held(YEAR, INTRODUCED, 12, master_plus=5), scene.bureau.section_head)
        activities.add(station, held(date(2024, 12, 31), FAIR), scene.bureau.handler)
        activities.add(station, planned(today()), scene.bureau.handler)
    assert done(station, 2025) == {TALK: Counted(2), INTRODUCED: Counted(12, 5)}
    assert done(station, 2024) == {FAIR: Counted(1)}
    assert done(station, today().year) == {}
    assert station.last_active_on == station.quiet_since == YEAR
    with pytest.raises(Forbidden), transaction():
        activities.add(station, held(YEAR), scene.university.leader)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (held(date(2099, 1, 1)), "day"),
        (ActivityDetails(TALK, A.PLANNED, date(2026, 1, 1)), "day"),
        (held(date(1999, 1, 1)), "day"),
        (held(YEAR, TALK, 3, master_plus=1), "master_plus"),
        (held(YEAR, INTRODUCED, 3, master_plus=4), "master_plus"),
        (ActivityDetails(TALK, A.CANCELLED, YEAR), "state"),
    ],
)
def test_what_cannot_be_is_refused(scene: Scene, given: ActivityDetails, field: str) -> None:
    with transaction():
        station = operating(scene)
    with pytest.raises(Invalid) as refused, transaction():
        activities.add(station, given, scene.bureau.handler)
    assert list(refused.value.fields) == [field]


def test_nothing_is_recorded_before_the_start_or_after_the_end(scene: Scene) -> None:
    with transaction():
        preparing, ended = make_station(scene), operating(scene)
        moves.suspend(ended, "停办", scene.bureau.leader)
        moves.withdraw(ended, "停办", scene.bureau.leader)
    for station in (preparing, ended):
        with pytest.raises(Conflict), transaction():
            record(scene, station, today())


def test_while_it_is_suspended_only_what_came_before_is_recorded(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        moves.suspend(station, "停办", scene.bureau.leader)
        record(scene, station, YEAR)
        station.state_since = days_ago(1)
    with pytest.raises(Invalid), transaction():
        record(scene, station, today())
    assert (station.last_active_on, station.quiet_since) == (YEAR, None)


def test_what_was_planned_takes_place_or_not(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        first, second = (activities.add(station, planned(today()), scene.bureau.handler) for _ in range(2))
    assert last_active(station) is None
    with transaction():
        activities.change(station, first, held(today(), number=3), "", scene.bureau.section_head)
    assert (state(first), first.number, last_active(station)) == (A.HELD, 3, today())
    cancelled = replace(planned(today()), state=A.CANCELLED)
    with pytest.raises(Invalid), transaction():
        activities.change(station, second, cancelled, "", scene.bureau.handler)
    with transaction():
        activities.change(station, second, cancelled, "学校停课", scene.bureau.handler)
    assert (second.state, second.cancel_reason) == (A.CANCELLED, "学校停课")
    assert done(station, today().year) == {TALK: Counted(3)}


def test_a_correction_is_a_row_of_its_own(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        (wrong,) = record(scene, station, YEAR)
    for reason, given, error in (("", held(YEAR), Invalid), ("理由", planned(today()), Invalid)):
        with pytest.raises(error), transaction():
            activities.change(station, wrong, given, reason, scene.bureau.handler)
    with transaction():
        right = activities.change(station, wrong, held(days_ago(9), number=4), "日期录错", scene.bureau.handler)
    assert (wrong.day, wrong.number, wrong.superseded_reason) == (YEAR, 1, "日期录错")
    assert (right.corrects_id, right.day) == (wrong.id, days_ago(9))
    assert done(station, 2025) == {}
    assert station.last_active_on == days_ago(9)
    with pytest.raises(Conflict), transaction():
        activities.change(station, wrong, held(YEAR), "再改", scene.bureau.handler)
    row = history(station)[0]
    assert (row.reason, row.changes["number"]) == ("日期录错", [1, 4])


def test_a_struck_entry_counts_no_more_and_stays(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        first, second = record(scene, station, YEAR, days_ago(9))
    with transaction():
        activities.strike(station, second, "重复录入", scene.bureau.handler)
    assert station.last_active_on == first.day
    assert [one.counts for one in queries.activities_of(station, days_ago(9).year) if one is second] == [False]


def test_the_host_corrects_what_it_recorded_and_founders_everything(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        (ours,) = record(scene, station, YEAR)
        theirs = activities.add(station, held(YEAR), scene.university.handler)
    with pytest.raises(Forbidden), transaction():
        activities.strike(station, ours, "理由", scene.university.handler)
    with transaction():
        activities.change(station, theirs, held(YEAR, number=2), "理由", scene.university.section_head)
    (latest,) = (one for one in queries.activities_of(station, 2025) if one.number == 2)
    with transaction():
        activities.strike(station, latest, "理由", scene.bureau.handler)
    assert done(station, 2025) == {TALK: Counted(1)}


def test_an_activity_belongs_to_its_station(scene: Scene) -> None:
    with transaction():
        station, other = operating(scene), operating(scene)
        (activity,) = record(scene, other, YEAR)
    with pytest.raises(NotFound):
        queries.activity_of(station, activity.public_id)


# Signs of life


class Visit:
    """Something that another package keeps."""

    public_id = "01J00000000000000000000001"


def test_a_visit_is_a_sign_of_life_and_no_figure(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
    for happening, day in ((Happening.VISIT_HELD, days_ago(30)), (Happening.ACTIVITY_HELD, days_ago(20))):
        with transaction():
            tell(happening, Told(Visit(), day, "workstation", station.public_id))
    assert station.last_active_on == station.quiet_since == days_ago(20)
    assert done(station, today().year) == {}
    signs = queries.signs_of(station, days_ago(20).year, scene.bureau.handler)
    assert [(sign.day, sign.kind, sign.public_id) for sign in signs] == [(days_ago(20), "visit", Visit.public_id)]
    assert history(station)[0].action == activities.HEARD


def test_other_records_and_withdrawn_stations_hear_nothing(scene: Scene) -> None:
    with transaction():
        station = make_station(scene)
        moves.withdraw(station, "不建了", scene.bureau.leader)
    before = len(history(station))
    with transaction():
        for kind in ("workstation", "mechanism"):
            tell(Happening.VISIT_HELD, Told(Visit(), today(), kind, station.public_id))
        tell(Happening.VISIT_HELD, Told(Visit(), today(), "workstation", "nothing"))
    assert station.last_active_on is None
    assert len(history(station)) == before == 2


def test_a_side_that_left_records_no_more(scene: Scene) -> None:
    with transaction():
        station = operating(scene)
        other = make_side("东北大学", OrganisationKind.UNIVERSITY)
        moved = station_input(scene, host=other.organisation.public_id)
        entry.edit(station, moved, scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        activities.add(station, held(YEAR), scene.university.handler)
    with transaction():
        activities.add(station, held(YEAR), other.handler)
    db.session.expire_all()
    assert station.last_active_on == YEAR
