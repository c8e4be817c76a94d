"""Two writers at one moment: the later one enters what the earlier one wrote, too; the worker is one of them."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.agreements.inputs_events import EventDetails
from registry.agreements.models import AgreementStatus, AgreementVisibility
from registry.agreements.services import events
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.ledgers.targets.catalogue import target
from registry.search.models import SearchEntry
from registry.search.services import jobs, keeping
from tests.agreements.scene import make_scene
from tests.commitments.test_concurrency import side_by_side
from tests.factories import make_organisation, make_user
from tests.mechanisms.meetings import make_mechanism

from .looking import assert_in_step, titles


def shown(agreement_id: int, organisation_id: int) -> Callable[[], None]:
    """An agreement is shown to one more organisation, and the entries are written before the commit."""

    def work() -> None:
        row = {"agreement_id": agreement_id, "organisation_id": organisation_id, "sort_on": today()}
        db.session.add(AgreementVisibility(**row, status=AgreementStatus.DRAFT))
        keeping.catch_up()

    return work


def test_an_event_is_seen_through_two_agreements_that_are_shown_at_once(app: Flask) -> None:
    with transaction():
        scene = make_scene()
        event = events.create(EventDetails("签约仪式"), scene.bureau.handler)
        both = [scene.draft(), scene.draft(title_zh="鞍山市与西北工业大学人才合作备忘录")]
        for agreement in both:
            events.add(event, agreement, scene.bureau.handler)
        readers = [make_user(Role.HANDLER, organisation=make_organisation(name)) for name in ("沈阳大学", "大连大学")]
    work = [shown(one.id, reader.organisation_id) for one, reader in zip(both, readers, strict=True)]
    db.session.remove()
    assert side_by_side(app, *work) == [None, None]
    assert [titles(reader, "签约仪式", "event") for reader in readers] == [["签约仪式"], ["签约仪式"]]
    assert_in_step()


def left_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """A mechanism that the search has not heard of yet: its number and public id."""
    with transaction():
        scene = make_scene()
    with monkeypatch.context() as few, transaction():
        few.setattr(keeping, "MOST_NEW", 0)
        made = make_mechanism(scene)
        keeping.catch_up()
        found = made.id, made.public_id
    assert counted() == 0
    db.session.remove()
    return found


def counted() -> int:
    return db.session.scalar(select(func.count(SearchEntry.id)).where(SearchEntry.kind == "mechanism")) or 0


def entering(number: int) -> Callable[[], None]:
    """What the worker does, until right before the commit."""

    def work() -> None:
        jobs._follow("mechanism", [number])
        keeping.catch_up()

    return work


def test_a_record_is_changed_while_the_worker_enters_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    number, _public_id = left_to_the_worker(monkeypatch)
    assert side_by_side(app, entering(number), entering(number)) == [None, None]
    assert counted() == 1
    assert_in_step()


def test_a_record_is_taken_back_while_the_worker_enters_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    number, public_id = left_to_the_worker(monkeypatch)
    take_back = target("docking").take_back
    assert side_by_side(app, entering(number), lambda: take_back([public_id])) == [None, None]
    assert counted() == 0
    assert_in_step()


@pytest.mark.parametrize("is_worker_first", [True, False])
def test_a_record_that_was_left_to_the_worker_is_entered_once_though_somebody_changes_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, is_worker_first: bool
) -> None:
    number, _public_id = left_to_the_worker(monkeypatch)

    def change() -> None:
        keeping.touch("mechanism", number)
        keeping.catch_up()

    work = (entering(number), change) if is_worker_first else (change, entering(number))
    assert side_by_side(app, *work) == [None, None]
    assert counted() == 1
