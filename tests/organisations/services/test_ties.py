"""Who belongs to whom beside the superior."""

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.db import db, transaction
from registry.core.errors import Forbidden, Invalid, NotFound, Stale
from registry.organisations.models import Organisation, Tie
from registry.organisations.queries.ties import ties_of, ties_to
from registry.organisations.services import ties as services
from registry.organisations.ties import OrganisationTie, reaches
from tests.organisations.conftest import World


def tie(world: World, one: Organisation, other: Organisation, how: Tie = Tie.ATTACHED) -> OrganisationTie:
    with transaction():
        return services.add_tie(world.province_handler, one, other.public_id, how, one.row_version)


def test_it_is_shown_both_ways_and_gives_no_sight(world: World) -> None:
    tie(world, world.centre, world.school)
    assert [(row.name_zh, row.tie) for row in ties_of(world.centre)] == [("鞍山师范学院", Tie.ATTACHED)]
    assert [(row.name_zh, row.tie) for row in ties_to(world.school)] == [("鞍山市人才服务中心", Tie.ATTACHED)]
    assert not world.centre.is_overseen_by(world.school.id)


def test_it_is_taken_out(world: World) -> None:
    row = tie(world, world.centre, world.school)
    with pytest.raises(NotFound), transaction():
        services.remove_tie(world.province_handler, world.school, row.public_id, world.school.row_version)
    with transaction():
        services.remove_tie(world.province_handler, world.centre, row.public_id, world.centre.row_version)
    assert ties_of(world.centre) == []
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert event.changes == {"attached": ["鞍山师范学院", None]}


def test_no_circles_by_ties_and_superiors_together(world: World) -> None:
    tie(world, world.anshan, world.shenyang)
    for one, other in (
        (world.shenyang, world.centre),
        (world.shenyang, world.anshan),
        (world.anshan, world.centre),
        (world.centre, world.centre),
    ):
        with pytest.raises(Invalid) as error:
            tie(world, one, other)
        assert set(error.value.fields) == {"other"}


def test_once_is_enough(world: World) -> None:
    tie(world, world.centre, world.school)
    with pytest.raises(Invalid):
        tie(world, world.centre, world.school)
    tie(world, world.centre, world.school, Tie.SUPERVISED)


def test_unknown_stale_and_not_from_above(world: World) -> None:
    with pytest.raises(Invalid), transaction():
        services.add_tie(world.province_handler, world.centre, "nobody", Tie.ATTACHED, world.centre.row_version)
    with pytest.raises(Stale), transaction():
        services.add_tie(world.province_handler, world.centre, world.school.public_id, Tie.ATTACHED, 0)
    version = world.school.row_version
    with pytest.raises(Forbidden), transaction():
        services.add_tie(world.school_handler, world.school, world.anshan.public_id, Tie.SUPERVISED, version)


@pytest.mark.parametrize(
    ("above", "found"), [({1: [2], 2: [3]}, True), ({1: [2], 2: [1]}, False), ({}, False), ({1: [2, 4], 4: [3]}, True)]
)
def test_going_up(above: dict[int, list[int]], found: bool) -> None:
    assert reaches(above, 1, 3) is found
