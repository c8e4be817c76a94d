"""Contacts on the pages: masked everywhere, revealed once."""

import re

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.core.db import db
from registry.organisations.models import Contact, Organisation
from tests.conftest import Client
from tests.organisations.conftest import World

PHONE = "13800005678"
GIVEN = {"name": "示例甲", "title": "科长", "office": "就业科", "phone": PHONE, "purpose": "招聘会联络"}


def add(client: Client, organisation: Organisation, **values: str) -> Contact:
    answer = client.post(f"/organisations/{organisation.public_id}/contacts/new", data=GIVEN | values)
    assert answer.status_code == 303
    return db.session.scalars(select(Contact).order_by(Contact.id.desc()).limit(1)).one()


def address_of(contact: Contact, leaf: str) -> str:
    return f"/organisations/{contact.organisation.public_id}/contacts/{contact.public_id}/{leaf}"


def test_a_contact_is_recorded_and_shown_masked(world: World, client: Client) -> None:
    contact = add(client.sign_in(world.handler), world.partner)
    page = client.get(f"/organisations/{world.partner.public_id}").text
    assert "138****5678" in page
    assert PHONE not in page + client.get(address_of(contact, "edit")).text


def test_a_reveal_is_shown_once_and_not_stored(world: World, client: Client) -> None:
    contact = add(client.sign_in(world.handler), world.partner)
    answer = client.post(address_of(contact, "reveal"), data={"reason": "安排签约仪式", "nonce": "once-0001"})
    assert answer.status_code == 200
    assert PHONE in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    again = client.post(address_of(contact, "reveal"), data={"reason": "安排签约仪式", "nonce": "once-0001"})
    assert again.status_code == 303
    reveals = select(func.count()).where(AuditEvent.action == "contact:reveal", AuditEvent.succeeded)
    assert db.session.scalar(reveals) == 1
    assert client.get(address_of(contact, "reveal")).status_code == 405


def test_a_reveal_without_a_reason(world: World, client: Client) -> None:
    contact = add(client.sign_in(world.handler), world.partner)
    answer = client.post(address_of(contact, "reveal"), data={"reason": ""})
    assert answer.status_code == 422
    assert PHONE not in answer.text
    assert re.search(r"<details[^>]* open", answer.text)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "甲 210302198001011234"), ("phone", "12"), ("purpose", ""), ("office", PHONE), ("id", "1")],
)
def test_bad_input(world: World, client: Client, field: str, value: str) -> None:
    client.sign_in(world.handler)
    answer = client.post(f"/organisations/{world.partner.public_id}/contacts/new", data=GIVEN | {field: value})
    assert answer.status_code == 422
    assert "科长" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0


def test_editing_and_erasing(world: World, client: Client) -> None:
    contact = add(client.sign_in(world.handler), world.partner)
    wrong = client.post(address_of(contact, "edit"), data=GIVEN | {"phone": "1", "row_version": contact.row_version})
    assert wrong.status_code == 422
    given = GIVEN | {"name": "示例乙", "phone": "", "row_version": str(contact.row_version)}
    assert client.post(address_of(contact, "edit"), data=given).status_code == 303
    assert client.post(address_of(contact, "edit"), data=given).status_code == 409
    page = client.get(f"/organisations/{world.partner.public_id}").text
    assert "示例乙" in page
    db.session.rollback()
    sent = {"reason": "本人要求", "row_version": contact.row_version}
    assert client.post(address_of(contact, "erase"), data={**sent, "reason": ""}).status_code == 422
    assert client.post(address_of(contact, "erase"), data=sent).status_code == 303
    assert "示例乙" not in client.get(f"/organisations/{world.partner.public_id}").text


@pytest.mark.parametrize("leaf", ["edit", "erase", "reveal"])
def test_somebody_elses_contact_does_not_exist(world: World, client: Client, leaf: str) -> None:
    contact = add(client.sign_in(world.handler), world.partner)
    client.sign_in(world.school_handler)
    sent = GIVEN | {"row_version": "1"} if leaf == "edit" else {"reason": "安排签约仪式", "row_version": "1"}
    assert client.post(address_of(contact, leaf), data=sent).status_code == 404
    assert "138****5678" not in client.get(f"/organisations/{world.partner.public_id}").text


@pytest.mark.parametrize("leaf", ["edit", "erase", "reveal"])
def test_wrong_role_and_signed_out(world: World, client: Client, leaf: str) -> None:
    contact = add(client.sign_in(world.handler), world.partner)
    client.sign_in(world.overseer)
    assert client.post(address_of(contact, leaf), data={"reason": "安排签约仪式"}).status_code == 403
    client.delete_cookie("__Host-session")
    stranger = client.application.test_client()
    assert stranger.post(address_of(contact, leaf), data={"reason": "安排签约仪式"}).status_code in (302, 303)


def test_mine_at_yours_is_not_found(world: World, client: Client) -> None:
    contact = add(client.sign_in(world.handler), world.partner)
    mixed = f"/organisations/{world.anshan.public_id}/contacts/{contact.public_id}/reveal"
    assert client.post(mixed, data={"reason": "安排签约仪式"}).status_code == 404


def test_the_new_form(world: World, client: Client) -> None:
    client.sign_in(world.handler)
    assert client.get(f"/organisations/{world.partner.public_id}/contacts/new").status_code == 200
    client.sign_in(world.overseer)
    assert client.get(f"/organisations/{world.partner.public_id}/contacts/new").status_code == 403
