"""Two writers at one moment: each adds its differences, and the sums are those of both."""

from flask import Flask
from sqlalchemy import func, select

from registry.accounts.models import User
from registry.agreements.models import Agreement
from registry.agreements.services import lifecycle
from registry.core.access.scope import without_scope
from registry.core.db import db, transaction
from registry.dashboards.facts.agreements import SOURCE
from registry.dashboards.models import OverviewChange, OverviewShare, OverviewTotal
from registry.dashboards.services import checking, folding, keeping
from registry.dashboards.services.folding import fold_some
from tests.agreements.scene import Scene, make_scene
from tests.commitments.test_concurrency import side_by_side
from tests.states import Begin


def two_agreements() -> tuple[Scene, Agreement, Agreement]:
    with transaction():
        scene = make_scene()
        return scene, scene.in_force(), scene.in_force_with_own_text()


def test_both_count(app: Flask, begin_with: Begin) -> None:
    scene, *agreements = begin_with(two_agreements)
    leader, numbers = scene.bureau.leader.id, [one.id for one in agreements]
    db.session.remove()

    def suspend(number: int) -> object:
        lifecycle.suspend(db.session.get_one(Agreement, number), "整改", db.session.get_one(User, leader))
        return "suspended"

    assert side_by_side(app, lambda: suspend(numbers[0]), lambda: suspend(numbers[1])) == ["suspended"] * 2
    assert list(checking.differences()) == []


def test_one_record_brought_in_step_by_two_counts_once(app: Flask, begin_with: Begin) -> None:
    _scene, *agreements = begin_with(two_agreements)
    numbers = sorted(one.id for one in agreements)
    with transaction():
        for table in (OverviewChange, OverviewTotal, OverviewShare):
            db.session.query(table).delete()
    db.session.remove()

    def enter() -> object:
        with without_scope():
            return keeping.bring_in_step(SOURCE, numbers)

    assert side_by_side(app, enter, enter) == [[], []]
    kept = [one for one in checking.differences() if "commitment" not in one.where]
    assert kept == []


def test_two_workers_fold_each_difference_once(app: Flask, begin_with: Begin) -> None:
    begin_with(two_agreements)
    waiting = db.session.scalar(select(func.count()).select_from(OverviewChange))
    db.session.remove()
    half = (waiting or 0) // 2
    assert half > 0
    folded = side_by_side(app, lambda: fold_some(half), lambda: fold_some(half))
    assert folded == [half, half]
    folding.fold_all()
    assert list(checking.differences()) == []
