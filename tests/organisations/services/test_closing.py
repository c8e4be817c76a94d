"""Dissolving, with and without a successor."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, Stale
from registry.organisations.inputs import Closing, ContactDetails
from registry.organisations.models import Organisation, OrganisationKind, OrganisationStatus
from registry.organisations.queries.contacts import list_contacts
from registry.organisations.queries.lookup import suggest
from registry.organisations.services import closing as services
from registry.organisations.services.contacts import add_contact
from registry.organisations.services.oversight import rebuild_oversight
from tests.factories import make_organisation, make_user
from tests.organisations.conftest import World

PAST = date(2026, 3, 1)


def close(world: World, organisation: Organisation, successor: Organisation | None = None, on: date = PAST) -> None:
    given = Closing(on, "机构改革撤销", successor.public_id if successor else "")
    with transaction():
        services.close(world.province_handler, organisation, given, organisation.row_version)


@pytest.fixture
def sub(world: World) -> Organisation:
    """A second centre below Anshan."""
    with transaction():
        made = make_organisation("鞍山市职业介绍所", OrganisationKind.TALENT_CENTRE, superior_id=world.anshan.id)
        made.region_code = "210303"
        rebuild_oversight()
    return made


def test_day_reason_and_successor_are_kept(world: World, sub: Organisation) -> None:
    close(world, sub, world.centre)
    assert (sub.status, sub.closed_on, sub.closing_reason) == (OrganisationStatus.CLOSED, PAST, "机构改革撤销")
    assert sub.successor_id == world.centre.id
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    assert (event.action, event.reason) == ("organisation:close", "机构改革撤销")
    assert event.changes["successor"] == [None, "鞍山市人才服务中心"]


def test_lists_offer_the_successor_in_its_place(world: World, sub: Organisation) -> None:
    close(world, sub, world.centre)
    found = suggest("鞍山市职业介绍所")
    assert [(one.name.zh, one.instead_of and one.instead_of.zh) for one in found] == [
        ("鞍山市人才服务中心", "鞍山市职业介绍所")
    ]
    assert [one.name.zh for one in suggest("鞍山市")].count("鞍山市人才服务中心") == 1


def test_successors_of_successors(world: World, sub: Organisation) -> None:
    close(world, sub, world.centre)
    close(world, world.centre, world.anshan)
    assert [one.name.zh for one in suggest("职业介绍所")] == ["鞍山市人力资源和社会保障局"]


def test_one_without_a_successor_is_shown_as_dissolved(world: World, sub: Organisation) -> None:
    close(world, sub)
    assert [one.status for one in suggest("职业介绍所")] == [OrganisationStatus.CLOSED]


def test_the_successor_sees_what_was_there(world: World, sub: Organisation) -> None:
    with transaction():
        theirs = make_user(organisation=sub)
        add_contact(theirs, world.partner, ContactDetails("示例甲", "", "", "", "联络"))
        successor = make_user(organisation=world.centre)
    assert list_contacts(successor, world.partner) == []
    close(world, sub, world.centre)
    assert [row.name for row in list_contacts(successor, world.partner)] == ["示例甲"]
    assert sub.is_overseen_by(world.anshan.id)


def test_who_only_entered_it_gives_nobody_contacts_of_others(world: World) -> None:
    with transaction():
        entered = make_organisation(
            "某企业", OrganisationKind.ENTERPRISE, added_by_id=world.anshan.id, needs_check=True
        )
        add_contact(world.school_handler, entered, ContactDetails("示例甲", "", "", "", "联络"))
    given = Closing(PAST, "注销", world.centre.public_id)
    with pytest.raises(Invalid) as error, transaction():
        services.close(world.head, entered, given, entered.row_version)
    assert set(error.value.fields) == {"successor"}
    with transaction():
        services.close(world.head, entered, Closing(PAST, "注销", ""), entered.row_version)
    assert list_contacts(world.head, entered) == []


def test_what_cannot_be(world: World, sub: Organisation) -> None:
    for successor in (sub, world.partner):
        with pytest.raises(Invalid) as error:
            close(world, sub, successor)
        assert set(error.value.fields) == {"successor"}
    with pytest.raises(Invalid) as error:
        close(world, sub, on=today() + timedelta(days=1))
    assert set(error.value.fields) == {"closed_on"}
    with pytest.raises(Invalid), transaction():
        services.close(world.province_handler, sub, Closing(PAST, "", ""), sub.row_version)
    with pytest.raises(Conflict):
        close(world, world.anshan)  # something stands below it
    with pytest.raises(Stale), transaction():
        services.close(world.province_handler, sub, Closing(PAST, "撤销", ""), 0)
    close(world, sub)
    with pytest.raises(Conflict):
        close(world, sub)


def test_who_may_not(world: World, sub: Organisation) -> None:
    given = Closing(PAST, "撤销建制", "")
    for somebody, organisation in ((world.handler, sub), (world.head, world.anshan), (world.head, world.school)):
        with pytest.raises(Forbidden), transaction():
            services.close(somebody, organisation, given, organisation.row_version)
    with transaction():
        services.close(world.head, sub, given, sub.row_version)
