"""Work contacts: kept in an address book, shown masked, revealed with a reason, erased on request. 联系人业务."""

from collections.abc import Mapping
from typing import Any

from ...audit import services as audit
from ...core import crypto
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import Message, msg
from .. import phones, policy
from ..inputs import ContactDetails
from ..models import Contact, Organisation, OrganisationStatus
from .versions import refuse_stale

CRYPTO_PURPOSE = "contact.phone"
SHORTEST_REASON = 4
TEXT_FIELDS = ("name", "title", "office", "purpose")


def add_contact(actor: Actor, organisation: Organisation, new: ContactDetails) -> Contact:
    """Record a contact at any active organisation in the address book of the actor's own.

    Raises Forbidden, Conflict, Invalid for identity or phone numbers in text fields and for what is no phone number.
    """
    policy.may_add_contact(actor).enforce()
    if organisation.status is not OrganisationStatus.ACTIVE:
        raise Conflict(msg("This organisation has been dissolved or merged already"))
    phone = _checked_phone(new)
    contact = Contact(organisation_id=organisation.id, recorded_by_id=actor.organisation_id)
    _take(contact, new, phone)
    db.session.add(contact)
    db.session.flush()
    # The audit outlives the contact: it says that there is one and where, not who.
    audit.record(actor, "contact:add", contact, {"organisation": (None, organisation.name_zh)})
    return contact


def edit_contact(actor: Actor, contact: Contact, new: ContactDetails, version: int) -> None:
    """Change a contact; the audit names the fields, not what stands in them.

    Raises Stale, Forbidden, Conflict, Invalid.
    """
    policy.may_edit_contact(actor, contact).enforce()
    refuse_stale(contact, version)
    phone = _checked_phone(new)
    changed = [name for name in TEXT_FIELDS if getattr(contact, name) != getattr(new, name)]
    changed += ["phone"] if phone or new.drop_phone else []
    _take(contact, new, phone)
    db.session.flush()
    audit.record(actor, Action.CONTACT_EDIT, contact, _named(changed))


def erase_contact(actor: Actor, contact: Contact, reason: str, version: int) -> None:
    """Forget the person; the row stays empty.

    Raises Stale, Forbidden, Conflict, Invalid without a reason.
    """
    policy.may_edit_contact(actor, contact).enforce()
    refuse_stale(contact, version)
    _demand(reason)
    contact.erase()
    db.session.flush()
    audit.record(actor, "contact:erase", contact, reason=reason)


def reveal_phone(actor: Actor, contact: Contact, reason: str) -> str:
    """The full phone number, once; the reveal and its reason are in the audit of the same transaction.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    policy.may_reveal(actor, contact).enforce()
    _demand(reason)
    if contact.phone_encrypted is None:
        raise Conflict(msg("No phone number is recorded for this contact"))
    at = {"organisation": (None, contact.organisation.name_zh)}
    audit.record(actor, Action.CONTACT_REVEAL, contact, at, reason=reason)
    return crypto.decrypt(contact.phone_encrypted, CRYPTO_PURPOSE).decode()


def _take(contact: Contact, new: ContactDetails, phone: str) -> None:
    for name in TEXT_FIELDS:
        setattr(contact, name, getattr(new, name))
    if phone:
        contact.phone_encrypted = crypto.encrypt(phone.encode(), CRYPTO_PURPOSE)
        contact.phone_hint = phones.mask(phone)
    elif new.drop_phone:
        contact.phone_encrypted, contact.phone_hint = None, ""


def _checked_phone(new: ContactDetails) -> str:
    """The phone normalised ('' when none was typed), after a look at all fields; raises Invalid."""
    problems: dict[str, list[Message | str]] = {}
    for name in TEXT_FIELDS:
        text = getattr(new, name)
        if phones.holds_identity_number(text):
            problems[name] = [msg("Identity numbers must not be recorded here")]
        elif phones.holds_mobile_number(text):
            problems[name] = [msg("Enter phone numbers in the phone field only: there they are encrypted")]
    phone = phones.normalise(new.phone)
    if new.phone and not phone:
        problems["phone"] = [msg("Write a phone number like 13800000000, 024-12345678 or 024-12345678-801")]
    if problems:
        raise Invalid(problems)
    return phone


def _named(fields: list[str]) -> Mapping[str, tuple[Any, Any]]:
    return dict.fromkeys(fields, ("***", "***"))


def _demand(reason: str) -> None:
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"reason": [msg("Give a reason of at least %(count)s characters", count=SHORTEST_REASON)]})
