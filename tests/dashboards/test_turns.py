"""Two who write at one moment what counts otherwise beside each other: the sums are as if one came after the other."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask import Flask

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.agreements.services import lifecycle
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.dashboards.services import checking, keeping
from registry.visits.enums import VisitKind
from registry.visits.inputs import VisitDetails
from registry.visits.services import entry as visits
from tests.agreements.scene import make_scene
from tests.commitments.test_concurrency import side_by_side
from tests.visits.scene import make_scene as make_visit_scene


def both(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> None:
    """Each brings the sums in step before the other commits, where nothing lets it wait."""

    def ended(work: Callable[[], object]) -> Callable[[], object]:
        def whole() -> object:
            work()
            keeping.catch_up()
            return True

        return whole

    db.session.remove()
    assert side_by_side(app, ended(first), ended(second)) == [True, True]
    assert list(checking.differences()) == []


def test_two_visits_to_one_employer(app: Flask) -> None:
    with transaction():
        scene = make_visit_scene()
        by = scene.school.handler.id
        given = [scene.details(visited="", visited_name="甲有限公司", day=date(2026, month, 9)) for month in (4, 5)]

    def enter(number: int) -> object:
        return visits.enter(given[number], db.session.get_one(User, by))

    both(app, lambda: enter(1), lambda: enter(0))


def test_an_agreement_and_the_first_visit_about_it(app: Flask) -> None:
    """What is suspended is not followed up, whoever was there that day."""
    with transaction():
        scene = make_scene()
        agreement = scene.in_force()
        number, leader, handler = agreement.id, scene.bureau.leader.id, scene.bureau.handler.id
        given = VisitDetails(VisitKind.FOLLOW_UP, today(), took_place=True, findings="履行良好")
        given = replace(given, visited_name="甲有限公司", subject_kind="agreement")
        given = replace(given, subject_public_id=agreement.public_id)

    def suspend() -> None:
        lifecycle.suspend(db.session.get_one(Agreement, number), "整改", db.session.get_one(User, leader))

    both(app, suspend, lambda: visits.enter(given, db.session.get_one(User, handler)))
