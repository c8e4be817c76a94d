"""Who oversees whom."""

from flask import Flask
from sqlalchemy import delete, select

from registry.core.db import db, transaction
from registry.organisations.models import Organisation, OrganisationKind, OrganisationStatus, Oversight
from registry.organisations.services.oversight import rebuild_oversight
from tests.factories import make_organisation
from tests.organisations.conftest import World


def pairs() -> set[tuple[str, str]]:
    names = {row.id: row.name_zh for row in db.session.scalars(select(Organisation))}
    rows = db.session.execute(select(Oversight.overseer_id, Oversight.organisation_id)).all()
    return {(names[over], names[under]) for over, under in rows}


def overseers_of(organisation: Organisation) -> set[str]:
    return {over for over, under in pairs() if under == organisation.name_zh}


def test_superiors_and_the_province_oversee(world: World) -> None:
    assert overseers_of(world.centre) == {world.anshan.name_zh, world.province.name_zh}
    assert overseers_of(world.school) == {world.province.name_zh}
    assert overseers_of(world.partner) == overseers_of(world.province) == set()


def test_superiors_at_any_distance_oversee(world: World) -> None:
    with transaction():
        below = make_organisation("鞍山市人才服务中心分部", region=world.centre.region, superior_id=world.centre.id)
        rebuild_oversight(below.id)
    assert overseers_of(below) == {world.centre.name_zh, world.anshan.name_zh, world.province.name_zh}


def test_a_new_superior_is_felt_by_everything_below(world: World) -> None:
    with transaction():
        world.anshan.superior_id = world.shenyang.id
        assert rebuild_oversight(world.anshan.id) == 2
    assert world.shenyang.name_zh in overseers_of(world.centre)
    with transaction():
        world.anshan.superior_id = None
        rebuild_oversight(world.anshan.id)
    assert world.shenyang.name_zh not in overseers_of(world.centre) | overseers_of(world.anshan)


def test_moving_away_ends_the_provinces_oversight(world: World) -> None:
    with transaction():
        world.school.region_code = "610100"
        rebuild_oversight(world.school.id)
    assert overseers_of(world.school) == set()


def test_rebuilding_one_leaves_the_others_alone(world: World) -> None:
    before = pairs()
    with transaction():
        assert rebuild_oversight(world.school.id) == 0
    assert pairs() == before


def test_everything_can_be_rebuilt_from_nothing(world: World) -> None:
    before = pairs()
    with transaction():
        db.session.execute(delete(Oversight))
        assert rebuild_oversight() == len(before)
    assert pairs() == before


def test_a_closed_department_oversees_nothing_any_more(world: World) -> None:
    with transaction():
        world.province.status = OrganisationStatus.CLOSED
        rebuild_oversight()
    assert world.province.name_zh not in {over for over, _ in pairs()}


def test_a_circle_of_superiors_does_not_hang(app: Flask) -> None:
    with transaction():
        one = make_organisation(kind=OrganisationKind.OTHER)
        other = make_organisation(kind=OrganisationKind.OTHER, superior_id=one.id)
        one.superior_id = other.id
        rebuild_oversight()
    assert overseers_of(one) == {other.name_zh}
