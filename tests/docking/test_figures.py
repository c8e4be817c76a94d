"""What came of it: outcomes, durations, funnel and board; each number is that of the list it leads to."""

from datetime import timedelta

import pytest

from registry.agreements.models import Agreement
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.docking import services
from registry.docking.enums import DropReason, Stage
from registry.docking.inputs import Loss
from registry.docking.queries import (
    LISTING,
    Filter,
    Grouping,
    Outcome,
    average_days,
    board,
    conditions,
    days_in_stages,
    funnel,
    outcome_of,
    totals,
)
from registry.docking.queries.board import MOST_CARDS
from tests.agreements.scene import make_scene
from tests.agreements.test_speed import counted
from tests.factories import make_organisation, make_user

from .pipeline import Pipeline


@pytest.fixture
def agreement(line: Pipeline) -> Agreement:
    """An agreement that the bureau of the pipeline keeps."""
    with transaction():
        found = make_scene().draft()
        found.visibility[0].organisation_id = line.bureau.id
    return found


def of_docking(statements: list[str]) -> list[str]:
    """Statements about cases; after a commit the reader is read anew as well."""
    return [one for one in statements if "docking_" in one]


def test_this_agreement_led_to_so_many(line: Pipeline, agreement: Agreement) -> None:
    assert outcome_of("agreement", agreement.public_id, line.handler) == Outcome(0, None, None, None, None)
    with transaction():
        cases = [line.at(Stage.ONBOARDED), line.at(Stage.SIGNED), line.at(Stage.POSTED), line.at(Stage.ONBOARDED)]
        for case in cases[:3]:
            case.agreement = agreement
    with counted() as statements:
        outcome = outcome_of("agreement", agreement.public_id, line.handler)
    assert outcome == Outcome(3, 60, 24, 20, 8)
    assert len(of_docking(statements)) == 1
    wanted = Filter(agreement=agreement.public_id)
    assert totals(line.handler, conditions(wanted)) == outcome
    assert LISTING.count(line.handler, conditions(wanted), 9) == outcome.cases
    reached = Filter(agreement=agreement.public_id, reached=Stage.SIGNED)
    assert totals(line.handler, conditions(reached)).signed == outcome.signed
    assert LISTING.count(line.handler, conditions(reached), 9) == 2


def test_foreign_cases_count_for_nobody(line: Pipeline, agreement: Agreement) -> None:
    with transaction():
        line.at(Stage.SIGNED).agreement = agreement
        stranger = make_user()
    assert outcome_of("agreement", agreement.public_id, stranger).cases == 0
    assert funnel(stranger, None) == {}
    assert average_days(stranger) == []
    assert all(column.count == 0 for column in board(stranger, [], 9))


def test_days_in_each_stage(line: Pipeline) -> None:
    with transaction():
        case = line.case(registered_on=today() - timedelta(days=40))
        line.move(case, Stage.VERIFIED, today() - timedelta(days=30))
        line.move(case, Stage.POSTED, today() - timedelta(days=10), skip_reason="线上")
        other = line.case(registered_on=today() - timedelta(days=40))
        line.move(other, Stage.VERIFIED, today() - timedelta(days=20))
    assert days_in_stages(case) == {Stage.REGISTERED: 10, Stage.VERIFIED: 20, Stage.POSTED: 10}
    with counted() as statements:
        averages = average_days(line.handler)
    assert [(one.stage, one.days, one.cases) for one in averages] == [
        (Stage.REGISTERED, 15.0, 2),
        (Stage.VERIFIED, 20.0, 1),
    ]
    assert len(of_docking(statements)) == 1
    with transaction():
        services.lose(other, Loss(DropReason.PAY, "薪酬"), line.handler)
    assert days_in_stages(other)[Stage.VERIFIED] == 20  # until it was lost


@pytest.mark.parametrize("grouping", [None, *Grouping])
def test_the_funnel_counts_who_reached_each_stage(line: Pipeline, grouping: Grouping | None) -> None:
    with transaction():
        line.at(Stage.SIGNED)
        line.at(Stage.INTERVIEW)
        services.lose(line.at(Stage.VERIFIED), Loss(DropReason.PAY, "薪酬"), line.handler)
    with counted() as statements:
        (group,) = funnel(line.handler, grouping).values()
    assert len(of_docking(statements)) == 1
    cases = [group[stage].cases if stage in group else 0 for stage in Stage]
    assert cases == [3, 3, 2, 2, 2, 2, 1, 1, 0, 0, 0]
    assert (group[Stage.SIGNED].people, group[Stage.INTERVIEW].people, group[Stage.FIELD_DOCKING].people) == (
        10,
        30,
        None,
    )
    for stage in (Stage.VERIFIED, Stage.SIGNED):
        assert LISTING.count(line.handler, conditions(Filter(reached=stage)), 9) == group[stage].cases


def test_a_column_shows_fifty_cards_however_many_there_are(line: Pipeline) -> None:
    with transaction():
        newest = line.case(registered_on=today())
        for _ in range(MOST_CARDS + 2):
            line.case()
        moved = line.at(Stage.VERIFIED)
    with counted() as statements:
        columns = {column.stage: column for column in board(line.handler, [], 1000)}
    assert len(of_docking(statements)) == 2
    registered = columns[Stage.REGISTERED]
    assert (registered.count, len(registered.cards)) == (MOST_CARDS + 3, MOST_CARDS)
    assert newest.public_id not in {card.public_id for card in registered.cards}  # what waits longest comes first
    (card,) = columns[Stage.VERIFIED].cards
    assert (card.public_id, card.posts, card.university_zh) == (moved.public_id, 20, "测试大学")


def test_the_board_is_filtered_like_the_list(line: Pipeline) -> None:
    with transaction():
        line.case()
        fresh = line.case(registered_on=today(), bureau="")
        lost = line.case()
        services.lose(lost, Loss(DropReason.PLACE, "地域"), line.handler)
        make_organisation()
    columns = board(line.handler, conditions(Filter(is_stuck=True)), 9)
    assert columns[0].count == 1
    assert fresh.public_id not in {card.public_id for card in columns[0].cards}
    assert sum(column.count for column in board(line.handler, [], 9)) == 2  # a lost case has no column
    db.session.rollback()
