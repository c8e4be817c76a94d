"""Two writers at one moment: the later one enters what the earlier one wrote, too."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, select

from registry.agreements.inputs_events import EventDetails
from registry.agreements.models import AgreementStatus, AgreementVisibility
from registry.agreements.services import events
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.search.models import SearchEntry
from registry.search.services import jobs, keeping
from tests.agreements.scene import make_scene
from tests.commitments.test_concurrency import side_by_side
from tests.factories import make_organisation, make_user

from .looking import assert_in_step, titles

KIND = "agreement"


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


@pytest.mark.parametrize("is_worker_first", [True, False])
def test_a_record_that_was_left_to_the_worker_is_entered_once_though_somebody_changes_it(
    app: Flask, is_worker_first: bool
) -> None:
    with transaction():
        number = make_scene().draft().id
    with transaction():
        db.session.execute(delete(SearchEntry).where(SearchEntry.kind == KIND))
    db.session.remove()

    def enter() -> None:
        jobs.enter_left(KIND, [number])
        keeping.catch_up()

    def change() -> None:
        keeping.touch(KIND, number)
        keeping.catch_up()

    work = (enter, change) if is_worker_first else (change, enter)
    assert side_by_side(app, *work) == [None, None]
    assert db.session.scalars(select(SearchEntry.record_id).where(SearchEntry.kind == KIND)).all() == [number]
