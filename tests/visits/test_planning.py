"""The suggested plan: agreements that nobody visited for a year, working days, no doubles."""

from datetime import date

import pytest

from registry.agreements.models import Agreement
from registry.core.db import transaction
from registry.core.errors import Forbidden, Invalid
from registry.visits.enums import VisitKind, VisitState
from registry.visits.inputs import PlannedDay, VisitDetails
from registry.visits.models import Visit
from registry.visits.queries.due import agreements_due
from registry.visits.services import entry, planning
from tests.agreements.clock import Clock, install
from tests.agreements.scene import Scene, make_scene
from tests.states import Begin

SIGNED, LATER = date(2025, 9, 1), date(2026, 9, 29)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return install(Clock(SIGNED), monkeypatch)


def in_force() -> tuple[Scene, Agreement]:
    """Since today."""
    with transaction():
        scene = make_scene()
        return scene, scene.in_force()


@pytest.fixture
def begun(begin_with: Begin, clock: Clock) -> tuple[Scene, Agreement]:
    """In force for more than a year, never visited."""
    made = begin_with(in_force)
    clock.pass_days((LATER - SIGNED).days)
    return made


@pytest.fixture
def scene(begun: tuple[Scene, Agreement]) -> Scene:
    return begun[0]


@pytest.fixture
def agreement(begun: tuple[Scene, Agreement]) -> Agreement:
    return begun[1]


def details(scene: Scene, agreement: Agreement, day: date, **changes: object) -> VisitDetails:
    given: dict[str, object] = {
        "kind": VisitKind.FOLLOW_UP,
        "day": day,
        "visited": scene.university.organisation.public_id,
        "subject_kind": "agreement",
        "subject_public_id": agreement.public_id,
    }
    return VisitDetails(**given | changes)  # type: ignore[arg-type]  # any field of the details


def due(scene: Scene, day: date = LATER) -> list[str]:
    return [row.public_id for row in agreements_due(scene.bureau.handler, day)]


def accept(scene: Scene, agreement: Agreement, day: date) -> list[Visit]:
    with transaction():
        return planning.accept([PlannedDay(agreement.public_id, day)], scene.bureau.handler)


def test_due_once_it_is_in_force_for_a_year(scene: Scene, agreement: Agreement) -> None:
    assert due(scene, date(2026, 8, 31)) == []
    assert due(scene) == [agreement.public_id]
    assert list(agreements_due(scene.university.handler, LATER)) == []  # its owner plans


@pytest.mark.parametrize(("day", "expected"), [(date(2025, 9, 28), 1), (date(2026, 3, 2), 0)])
def test_a_visit_within_twelve_months_is_enough(scene: Scene, agreement: Agreement, day: date, expected: int) -> None:
    with transaction():
        entry.enter(details(scene, agreement, day, took_place=True, findings="履约正常"), scene.bureau.handler)
    assert len(due(scene)) == expected


def test_a_cancelled_visit_is_none(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        visit = entry.enter(details(scene, agreement, date(2026, 10, 20)), scene.bureau.handler)
    assert due(scene) == []
    with transaction():
        entry.drop(visit, VisitState.CANCELLED, "对方改期", scene.bureau.handler)
    assert due(scene) == [agreement.public_id]


def test_suggested_days_skip_the_national_day(scene: Scene, agreement: Agreement) -> None:
    (now,) = planning.suggest(scene.bureau.handler, None, 20, 2)
    assert (now.day, now.partner) == (date(2026, 9, 30), scene.university.organisation)
    (later,) = planning.suggest(scene.bureau.handler, date(2026, 10, 1), 20, 2)
    assert later.day == date(2026, 10, 8)


def test_what_is_accepted_is_planned_once(scene: Scene, agreement: Agreement) -> None:
    (visit,) = accept(scene, agreement, date(2026, 10, 8))
    assert (visit.state, visit.kind, visit.planned_on) == (VisitState.PLANNED, VisitKind.FOLLOW_UP, date(2026, 10, 8))
    assert (visit.visited, visit.subject_public_id) == (scene.university.organisation, agreement.public_id)
    assert accept(scene, agreement, date(2026, 10, 9)) == []
    assert planning.suggest(scene.bureau.handler, None, 20, 2) == []


def test_what_is_not_due_is_passed_over(scene: Scene, agreement: Agreement) -> None:
    with transaction():
        draft = scene.draft(title_zh="另一份协议")
    assert accept(scene, draft, date(2026, 10, 8)) == []


@pytest.mark.parametrize("day", [LATER, date(2026, 10, 1), date(2026, 10, 3)])
def test_days_that_nobody_works_on_are_refused(scene: Scene, agreement: Agreement, day: date) -> None:
    with pytest.raises(Invalid) as refused:
        accept(scene, agreement, day)
    assert set(refused.value.fields) == {f"day-{agreement.public_id}"}
    assert due(scene) == [agreement.public_id]


def test_nothing_chosen_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid), transaction():
        planning.accept([], scene.bureau.handler)


def test_leaders_do_not_plan(scene: Scene, agreement: Agreement) -> None:
    with pytest.raises(Forbidden), transaction():
        planning.accept([PlannedDay(agreement.public_id, date(2026, 10, 8))], scene.bureau.leader)
