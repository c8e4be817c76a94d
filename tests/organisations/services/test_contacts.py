"""Contacts: masked, encrypted, revealed with a reason, erased."""

import pytest
from sqlalchemy import select, text

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from registry.organisations.inputs import ContactDetails
from registry.organisations.models import Contact, Organisation
from registry.organisations.queries.contacts import get_contact, list_contacts
from registry.organisations.services import contacts as services
from tests.factories import make_user
from tests.organisations.conftest import World

PHONE = "13800005678"


def details(**values: object) -> ContactDetails:
    plain = {"name": "示例甲", "title": "科长", "office": "就业科", "phone": PHONE, "purpose": "专场招聘会联络"}
    return ContactDetails(**(plain | values))  # type: ignore[arg-type]  # plain text by name


def recorded(by: User, at: Organisation, **values: object) -> Contact:
    with transaction():
        return services.add_contact(by, at, details(**values))


def events() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))


def test_the_phone_is_nowhere_in_the_database(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    assert contact.phone_hint == "138****5678"
    assert contact.recorded_by_id == world.anshan.id
    row = db.session.execute(text("SELECT * FROM contact")).one()
    log = db.session.execute(text("SELECT * FROM audit_event")).all()
    assert PHONE not in str(row) + str(log)
    assert PHONE.encode() not in bytes(contact.phone_encrypted or b"")
    assert "示例甲" not in str(log)


@pytest.mark.parametrize("field", ["name", "title", "office", "purpose"])
@pytest.mark.parametrize("number", ["21030219800101123X", "210302 19800101 1234", "210302800101123", "13800005678"])
def test_identity_and_phone_numbers_are_refused_in_text(world: World, field: str, number: str) -> None:
    with pytest.raises(Invalid) as error, transaction():
        services.add_contact(world.handler, world.anshan, details(**{field: f"甲 {number}"}))
    assert set(error.value.fields) == {field}


def test_what_is_no_phone_number(world: World) -> None:
    with pytest.raises(Invalid) as error, transaction():
        services.add_contact(world.handler, world.anshan, details(phone="12345"))
    assert set(error.value.fields) == {"phone"}


def test_a_reveal_gives_the_number_and_an_event(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    with transaction():
        assert services.reveal_phone(world.head, contact, "安排签约仪式") == PHONE
    event = events()[-1]
    assert (event.action, event.reason, event.actor_name) == ("contact:reveal", "安排签约仪式", "单某")


def test_a_reveal_needs_a_reason_a_role_and_a_number(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    silent = recorded(world.handler, world.partner, phone="")
    with transaction():
        viewer = make_user(Role.VIEWER, organisation=world.anshan)
    with pytest.raises(Invalid), transaction():
        services.reveal_phone(world.handler, contact, "看看")
    with pytest.raises(Forbidden), transaction():
        services.reveal_phone(viewer, contact, "安排签约仪式")
    with pytest.raises(Conflict), transaction():
        services.reveal_phone(world.handler, silent, "安排签约仪式")
    assert "contact:reveal" not in {event.action for event in events() if event.succeeded}


def test_editing_keeps_replaces_or_drops_the_phone(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    for given, hint in (({"phone": ""}, "138****5678"), ({"phone": "024-12345678"}, "024-****5678")):
        with transaction():
            services.edit_contact(world.handler, contact, details(**given), contact.row_version)
        assert contact.phone_hint == hint
    with transaction():
        services.edit_contact(world.handler, contact, details(phone="", drop_phone=True), contact.row_version)
    assert (contact.phone_hint, contact.phone_encrypted) == ("", None)


def test_the_log_of_an_edit_names_fields_only(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    with transaction():
        services.edit_contact(world.handler, contact, details(name="示例乙", phone=""), contact.row_version)
    assert events()[-1].changes == {"name": ["***", "***"]}


def test_erasing_forgets_everything_and_keeps_the_row(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    with transaction():
        services.erase_contact(world.handler, contact, "本人要求", contact.row_version)
    columns = "name, title, office, purpose, phone_hint, phone_encrypted"
    row = db.session.execute(text(f"SELECT {columns} FROM contact")).one()
    assert tuple(row) == ("", "", "", "", "", None)
    with pytest.raises(Conflict), transaction():
        services.edit_contact(world.handler, contact, details(), contact.row_version)
    with pytest.raises(Conflict), transaction():
        services.reveal_phone(world.handler, contact, "安排签约仪式")
    assert list_contacts(world.handler, world.partner) == []


def test_stale(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    with pytest.raises(Stale), transaction():
        services.edit_contact(world.handler, contact, details(), contact.row_version - 1)


def test_who_sees_a_contact(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    with transaction():
        foreign = make_user(Role.HANDLER, organisation=world.shenyang)
        partner = make_user(Role.HANDLER, organisation=world.partner)
    for viewer in (world.handler, world.overseer, partner):
        assert [row.public_id for row in list_contacts(viewer, world.partner)] == [contact.public_id]
    for stranger in (foreign, world.school_handler):
        assert list_contacts(stranger, world.partner) == []
        with pytest.raises(NotFound):
            get_contact(stranger, world.partner.public_id, contact.public_id)


def test_a_contact_is_found_at_its_own_organisation_only(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    with pytest.raises(NotFound):
        get_contact(world.handler, world.anshan.public_id, contact.public_id)


def test_the_second_wall_stands(world: World) -> None:
    recorded(world.handler, world.partner)
    set_viewer(world.school.id)
    assert db.session.scalars(select(Contact)).all() == []
    set_viewer(world.anshan.id)
    assert len(db.session.scalars(select(Contact)).all()) == 1


def test_the_contacts_own_organisation_may_have_it_erased(world: World) -> None:
    contact = recorded(world.handler, world.school)
    with transaction():
        services.erase_contact(world.school_handler, contact, "本人要求", contact.row_version)
    assert contact.erased


def test_a_stranger_may_not_edit(world: World) -> None:
    contact = recorded(world.handler, world.partner)
    with pytest.raises(Forbidden), transaction():
        services.edit_contact(world.school_handler, contact, details(), contact.row_version)
    with pytest.raises(Forbidden), transaction():
        services.add_contact(world.overseer, world.partner, details())
