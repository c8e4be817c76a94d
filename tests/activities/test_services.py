"""The rules of activities: who enters, days, parts, links, and what linked records hear."""

from datetime import date, timedelta

import pytest
from flask import Flask

from registry.activities.enums import ActivityKind, ActivityState, Link, Part
from registry.activities.inputs import HeldDays, OutcomeLine, PartyLine
from registry.activities.models import Activity
from registry.activities.queries.beside import at_event, linked_to, parts_of
from registry.activities.queries.listing import LISTING, Filter, Level, conditions
from registry.activities.services import entry, outcomes
from registry.agreements.inputs_events import EventDetails
from registry.agreements.services import events
from registry.core.dates import Precision, today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.organisations.models import OrganisationKind, OrganisationStatus
from registry.records import happenings
from registry.records.happenings import Happening, Told
from registry.records.queries import history
from tests.agreements.scene import Scene, make_scene, make_side

from .fairs import LAUNCH_DAY, details, make_activity, make_part, make_series, story_lines


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    told: list[Told] = []
    monkeypatch.setitem(happenings._listeners, Happening.ACTIVITY_HELD, [told.append])
    return told


def state(activity: Activity) -> ActivityState:
    return activity.state


def found(scene: Scene, wanted: Filter) -> set[str]:
    return {row.title_zh for row in LISTING.page(scene.bureau.handler, conditions(wanted), 0, 50)}


# Entering


def test_all_parties_see_it_and_nobody_else(scene: Scene) -> None:
    with transaction():
        activity = make_activity(scene, figures=story_lines())
        stranger = make_side("东北大学", OrganisationKind.UNIVERSITY)
    assert LISTING.get(activity.public_id, scene.university.handler) is activity
    with pytest.raises(NotFound):
        LISTING.get(activity.public_id, stranger.handler)
    assert activity.ends_on == LAUNCH_DAY
    assert activity.sort_on == LAUNCH_DAY
    (added,) = history(activity)
    assert added.action == "activity:add"
    assert added.changes["figure_employers"] == [None, "202家"]


def test_only_writers_enter(scene: Scene) -> None:
    with pytest.raises(Forbidden), transaction():
        entry.enter(details(scene), scene.bureau.leader)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"held_on": date(2099, 1, 1)}, "held_on"),
        ({"held_until": date(2099, 1, 1)}, "held_until"),
        ({"held_until": LAUNCH_DAY - timedelta(days=1)}, "held_until"),
        ({"held_on": None, "held_until": LAUNCH_DAY, "source": "新闻"}, "held_on"),
        ({"held_on": None, "held_precision": Precision.UNKNOWN}, "held_on"),
        ({"parties": ()}, "parties"),
        ({"region": "999999"}, "region"),
        ({"parent": "nothing"}, "parent"),
        ({"signing_event": "nothing"}, "signing_event"),
        ({"outcomes": (OutcomeLine("agreement", "nothing"),)}, "subject"),
        ({"outcomes": (OutcomeLine("activity", "nothing"),)}, "subject"),
    ],
)
def test_what_cannot_be_is_refused(scene: Scene, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        make_activity(scene, **changes)
    assert list(refused.value.fields) == [field]


def test_parties_have_one_host_and_are_named_once(scene: Scene) -> None:
    one = PartyLine(Part.ORGANISER, scene.bureau.organisation.public_id)
    hosts = (PartyLine(Part.HOST, name_as_reported="甲大学"), PartyLine(Part.HOST, name_as_reported="乙大学"))
    for parties in ((one, one), (one, *hosts)):
        with pytest.raises(Invalid), transaction():
            make_activity(scene, parties=parties)
    both = (one, PartyLine(Part.HOST, scene.bureau.organisation.public_id))
    with transaction():
        assert len(make_activity(scene, parties=both).party_ids) == 1


def test_a_gap_that_a_merge_left_takes_nobodys_place(scene: Scene) -> None:
    given = details(scene).parties
    with transaction():
        activity = make_activity(scene, parties=(given[0], PartyLine(Part.CO_ORGANISER, "", "某局"), given[1]))
        db.session.delete(activity.parties[1])
    db.session.expire_all()
    with transaction():
        third = PartyLine(Part.PARTICIPANT, name_as_reported="某大学")
        entry.edit(activity, details(scene, parties=(*given, third)), scene.bureau.handler)
    assert [party.position for party in activity.parties] == [1, 3, 4]


def test_who_closed_since_stays_who_took_part(scene: Scene) -> None:
    with transaction():
        activity = make_activity(scene)
        scene.university.organisation.status = OrganisationStatus.CLOSED
    with transaction():
        entry.edit(activity, details(scene, title_zh="更名"), scene.bureau.handler)
    assert scene.university.organisation.id in activity.party_ids
    with pytest.raises(Invalid), transaction():
        make_activity(scene)


def test_as_many_take_part_as_at_a_launch_but_not_more(scene: Scene) -> None:
    named = tuple(PartyLine(Part.PARTICIPANT, name_as_reported=f"第{number}所大学") for number in range(39))
    organiser = PartyLine(Part.ORGANISER, scene.bureau.organisation.public_id)
    with transaction():
        activity = make_activity(scene, parties=(organiser, *named))
    assert len(activity.parties) == 40
    with pytest.raises(Invalid) as refused, transaction():
        make_activity(scene, parties=(organiser, *named, PartyLine(Part.PARTICIPANT, name_as_reported="又一所")))
    assert list(refused.value.fields) == ["parties"]


def test_the_past_without_a_day_needs_a_source(scene: Scene) -> None:
    unknown = {"held_on": None, "held_precision": Precision.UNKNOWN}
    with transaction():
        activity = make_activity(scene, source="新闻报道", **unknown)
        make_activity(scene, is_held=False, title_zh="以后再定", **unknown)
    assert activity.sort_on == today()
    assert found(scene, Filter(since=date(2000, 1, 1), until=date(2100, 1, 1))) == set()


def test_editing_keeps_the_figures(scene: Scene) -> None:
    with transaction():
        activity = make_activity(scene, figures=story_lines())
    with transaction():
        entry.edit(activity, details(scene, title_zh="更名", notes="简历明显多于以往"), scene.bureau.handler)
    assert (activity.title_zh, len(activity.figures)) == ("更名", 5)
    assert set(history(activity)[0].changes) == {"title_zh", "notes"}
    with pytest.raises(Forbidden), transaction():
        entry.edit(activity, details(scene), scene.university.handler)


# Days


@pytest.mark.parametrize(
    ("days", "since", "until", "is_in"),
    [
        ((date(2023, 3, 18), None, Precision.DAY), date(2023, 3, 18), date(2023, 3, 18), True),
        ((date(2023, 3, 1), date(2023, 5, 1), Precision.DAY), date(2023, 4, 1), date(2023, 4, 2), True),
        ((date(2023, 3, 1), None, Precision.MONTH), date(2023, 3, 1), date(2023, 3, 31), True),
        ((date(2023, 3, 1), None, Precision.MONTH), date(2023, 3, 1), date(2023, 3, 15), False),
        ((date(2023, 1, 1), None, Precision.YEAR), date(2023, 1, 1), date(2023, 12, 31), True),
        ((date(2023, 1, 1), None, Precision.YEAR), date(2023, 1, 1), date(2023, 3, 31), False),
        ((date(2023, 3, 18), None, Precision.DAY), date(2023, 3, 19), None, False),
    ],
)
def test_only_what_surely_falls_into_a_period_is_in_it(
    scene: Scene, days: tuple[date, date | None, Precision], since: date, until: date | None, is_in: bool
) -> None:
    first, last, precision = days
    with transaction():
        make_activity(scene, held_on=first, held_until=last, held_precision=precision)
    assert bool(found(scene, Filter(since=since, until=until))) is is_in


# Parts


def test_parts_are_one_level_and_never_a_circle(scene: Scene) -> None:
    with transaction():
        series = make_series(scene)
        part = make_part(scene, series)
        launch = make_activity(scene, kind=ActivityKind.LAUNCH, title_zh="启动仪式")
        fair = make_part(scene, launch)
    assert [row.id for row in parts_of(series, scene.bureau.handler)] == [part.id]
    wrong: list[tuple[Activity, dict[str, object]]] = [
        (series, {"kind": ActivityKind.SERIES, "parent": launch.public_id}),
        (series, {"kind": ActivityKind.JOB_FAIR}),  # it has parts
        (launch, {"kind": ActivityKind.LAUNCH, "parent": series.public_id}),  # it has parts
        (part, {"parent": part.public_id}),
        (part, {"parent": fair.public_id}),  # a fair holds nothing
    ]
    for activity, changes in wrong:
        with pytest.raises(Invalid), transaction():
            entry.edit(activity, details(scene, **changes), scene.bureau.handler)
    with transaction():
        inner = make_part(scene, series, kind=ActivityKind.MEETING)
    with pytest.raises(Invalid), transaction():
        make_part(scene, inner)  # a second level
    with transaction():
        entry.edit(part, details(scene), scene.bureau.handler)
    assert part.parent is None


def test_series_parts_and_single_ones_are_told_apart(scene: Scene) -> None:
    with transaction():
        make_part(scene, make_series(scene))
        make_activity(scene)
    assert [found(scene, Filter(level=level)) for level in Level] == [
        {"百校千企系列校园招聘", "启动仪式现场招聘活动"},
        {"百校千企系列校园招聘"},
        {"进校招聘一站"},
        {"启动仪式现场招聘活动"},
    ]


# Holding and cancelling


def planned(scene: Scene, **changes: object) -> Activity:
    return make_activity(scene, is_held=False, held_on=today(), **changes)


def test_holding_needs_a_day_that_has_come(scene: Scene) -> None:
    with transaction():
        activity = planned(scene)
    with pytest.raises(Invalid), transaction():
        entry.hold(activity, HeldDays(today() + timedelta(days=1), None, Precision.DAY), scene.bureau.handler)
    assert state(activity) is ActivityState.PLANNED
    with transaction():
        entry.hold(activity, HeldDays(today(), None, Precision.DAY), scene.bureau.handler)
    assert state(activity) is ActivityState.HELD
    with pytest.raises(Conflict), transaction():
        entry.hold(activity, HeldDays(today(), None, Precision.DAY), scene.bureau.handler)


def test_cancelling_needs_a_reason_and_ends_it(scene: Scene) -> None:
    with transaction():
        activity = planned(scene)
    with pytest.raises(Invalid), transaction():
        entry.cancel(activity, " ", scene.bureau.handler)
    with pytest.raises(Forbidden), transaction():
        entry.cancel(activity, "场地不可用", scene.university.handler)
    with transaction():
        entry.cancel(activity, "场地不可用", scene.bureau.handler)
    with pytest.raises(Conflict), transaction():
        entry.edit(activity, details(scene), scene.bureau.handler)


# Links


def test_linked_records_hear_that_it_was_held(scene: Scene, heard: list[Told]) -> None:
    with transaction():
        agreement = scene.draft()
        line = OutcomeLine("agreement", agreement.public_id, Link.BELONGS_TO)
        activity = planned(scene, outcomes=(line,), held_until=today())
    assert heard == []
    with transaction():
        entry.hold(activity, HeldDays(LAUNCH_DAY, today(), Precision.DAY), scene.bureau.handler)
    assert heard == [Told(activity, today(), "agreement", agreement.public_id)]
    assert [row.id for row in linked_to("agreement", agreement.public_id, scene.bureau.handler)] == [activity.id]


def test_a_record_linked_later_hears_of_it_at_once(scene: Scene, heard: list[Told]) -> None:
    with transaction():
        agreement = scene.draft()
        activity = make_activity(scene)
    line = OutcomeLine("agreement", agreement.public_id)
    with pytest.raises(Forbidden), transaction():
        outcomes.link(activity, line, scene.university.handler)
    with transaction():
        outcomes.link(activity, line, scene.bureau.handler)
    assert [told.on for told in heard] == [LAUNCH_DAY]
    with pytest.raises(Invalid), transaction():
        outcomes.link(activity, line, scene.bureau.handler)
    with transaction():
        outcomes.unlink(activity, activity.outcomes[0], scene.bureau.handler)
    assert activity.outcomes == []


def test_what_the_actor_does_not_see_cannot_be_linked(scene: Scene) -> None:
    with transaction():
        other = Scene(make_side("抚顺市人力资源和社会保障局", OrganisationKind.HR_BUREAU), scene.university)
        foreign = other.draft()
        activity = make_activity(scene)
    with pytest.raises(Invalid), transaction():
        outcomes.link(activity, OutcomeLine("agreement", foreign.public_id), scene.bureau.handler)


def test_a_ceremony_is_tied_to_its_signing_event(scene: Scene) -> None:
    about = EventDetails(title_zh="签约仪式", held_on=LAUNCH_DAY, held_precision=Precision.DAY)
    with transaction():
        event = events.create(about, scene.bureau.handler)
        ceremony = make_activity(scene, kind=ActivityKind.SIGNING_CEREMONY, signing_event=event.public_id)
    assert [row.id for row in at_event(event, scene.bureau.handler)] == [ceremony.id]
    with pytest.raises(Invalid) as refused, transaction():
        make_activity(scene, signing_event=event.public_id)
    assert list(refused.value.fields) == ["signing_event"]


def test_details_say_everything_that_is_stored(scene: Scene) -> None:
    with transaction():
        make_activity(scene, programme="百校千企", counting_note="含线上", title_en="Fair", place="西安市")
    db.session.expire_all()
    (row,) = LISTING.page(scene.bureau.handler, conditions(Filter(text="百校千企")), 0, 5)
    assert (row.programme, row.counting_note, row.title_en, row.place) == ("百校千企", "含线上", "Fair", "西安市")


def test_the_log_names_what_not_everybody_sees_by_its_id(scene: Scene) -> None:
    with transaction():
        series = make_series(scene)
        event = events.create(EventDetails("启动仪式", held_on=LAUNCH_DAY), scene.bureau.handler)
        launch = make_activity(scene, kind=ActivityKind.LAUNCH)
    changed = details(scene, kind=ActivityKind.LAUNCH, parent=series.public_id, signing_event=event.public_id)
    with transaction():
        entry.edit(launch, changed, scene.bureau.handler)
    assert history(launch)[0].changes == {
        "parent": [None, series.public_id],
        "signing_event": [None, event.public_id],
    }
