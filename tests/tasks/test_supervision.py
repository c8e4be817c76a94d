"""Supervision slips: by whom, of which colour, and numbers without gaps."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from flask import Flask

from registry.core.dates import today
from registry.core.db import transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound
from registry.tasks import closing, supervision
from registry.tasks.enums import SlipColour
from registry.tasks.inputs import Report, SlipDetails
from registry.tasks.models import Task
from registry.tasks.queries import get_slip
from tests.agreements import clock
from tests.tasks.scene import Scene, make_scene, outsider

RED = SlipDetails(SlipColour.RED, "五个工作日内书面说明")
BLUE = SlipDetails(SlipColour.BLUE, "请抓紧办理")


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def late(scene: Scene, task: Task | None = None) -> Task:
    """Overdue: laid back by hand."""
    task = task or scene.task()
    task.set_deadline(today() - timedelta(days=9), today() - timedelta(days=2), None, None)
    return task


def test_numbers_run_by_issuer_and_year(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    time = clock.install(clock.Clock(date(2026, 12, 30)), monkeypatch)
    with transaction():
        task, other = late(scene), late(scene, scene.task(scene.university.handler, supporting=()))
        first = supervision.issue(task, RED, scene.bureau.section_head)
        second = supervision.issue(task, RED, scene.bureau.leader)
        theirs = supervision.issue(other, RED, scene.university.leader)
    assert [slip.number for slip in (first, second, theirs)] == ["督〔2026〕1号", "督〔2026〕2号", "督〔2026〕1号"]
    assert (task.slip_count, first.issuer, first.percent) == (2, scene.bureau.organisation, 0)
    time.pass_days(3)
    with transaction():
        assert supervision.issue(task, RED, scene.bureau.leader).number == "督〔2027〕1号"


def test_a_number_that_was_rolled_back_is_given_out_again(scene: Scene) -> None:
    with transaction():
        task = late(scene)
    with suppress(ZeroDivisionError), transaction():
        supervision.issue(task, RED, scene.bureau.leader)
        raise ZeroDivisionError
    with transaction():
        assert supervision.issue(task, RED, scene.bureau.leader).sequence == 1


def test_only_the_assigning_organisation_chases(scene: Scene) -> None:
    with transaction():
        task = late(scene)
    for person in (scene.bureau.handler, scene.university.leader, scene.province.leader, scene.bureau.viewer):
        with pytest.raises(Forbidden), transaction():
            supervision.issue(task, RED, person)


def test_no_sharper_than_the_light(scene: Scene) -> None:
    with transaction():
        near = scene.task(days=10)
    with pytest.raises(Invalid) as refused, transaction():
        supervision.issue(near, RED, scene.bureau.leader)
    assert set(refused.value.fields) == {"colour"}
    with transaction():
        supervision.issue(near, BLUE, scene.bureau.leader)


def test_nothing_to_chase_while_on_schedule(scene: Scene) -> None:
    with transaction():
        task = scene.task(days=60)
        closing.report(task, Report("已办", 50), scene.university.handler)
    with pytest.raises(Conflict), transaction():
        supervision.issue(task, BLUE, scene.bureau.leader)


def test_the_answer_is_not_asked_for_yesterday(scene: Scene) -> None:
    with transaction():
        task = late(scene)
    yesterday = SlipDetails(SlipColour.RED, "说明", today() - timedelta(days=1))
    with pytest.raises(Invalid), transaction():
        supervision.issue(task, yesterday, scene.bureau.leader)


def test_slips_are_seen_with_their_task(scene: Scene) -> None:
    with transaction():
        slip = supervision.issue(late(scene), RED, scene.bureau.leader)
        stranger = outsider(scene)
    assert get_slip(slip.public_id, scene.helper.handler) is slip
    with pytest.raises(NotFound):
        get_slip(slip.public_id, stranger)
