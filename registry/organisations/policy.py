"""Who may do what with organisations and contacts. Pure; asked by services and templates. 单位权限."""

from ..core.access.actions import Action
from ..core.access.decision import Actor, Decision, decide, no
from ..core.access.roles import Role
from ..core.i18n import msg
from .models import Contact, Organisation, OrganisationKind, OrganisationStatus


def may_add(actor: Actor) -> Decision:
    """Handlers and section heads add any organisation: partners may be anywhere in the country.

    One that the actor's organisation does not oversee is marked as still to be checked.
    """
    return decide(actor, Action.ORGANISATION_ADD)


def may_edit(actor: Actor, organisation: Organisation) -> Decision:
    """Their own organisation, those below it, and those they added as long as these wait to be checked."""
    if organisation.status is OrganisationStatus.MERGED:
        return Decision(False, msg("This organisation has been merged into another"), wrong_state=True)
    return decide(actor, Action.ORGANISATION_EDIT, organisation)


def may_restructure(actor: Actor, organisation: Organisation) -> Decision:
    """Region and superior decide who sees its records: only who stands above changes them."""
    allowed = may_edit(actor, organisation)
    if allowed and not organisation.is_overseen_by(actor.organisation_id):
        return no(msg("Region and superior are changed by the organisation above it"))
    return allowed


def may_wind_up(actor: Actor, organisation: Organisation) -> Decision:
    """Merge or close: nobody does this to their own organisation."""
    if organisation.id == actor.organisation_id:
        return no(msg("Your own organisation is merged or dissolved by the organisation above it"))
    return may_edit(actor, organisation)


def may_check(actor: Actor, organisation: Organisation) -> Decision:
    """A section head confirms what handlers entered."""
    if Role.SECTION_HEAD not in actor.roles:
        return no(msg("A section head confirms that the details have been checked"))
    return may_edit(actor, organisation)


def may_add_contact(actor: Actor) -> Decision:
    """Into their own address book, for any organisation."""
    return decide(actor, Action.CONTACT_EDIT)


def may_edit_contact(actor: Actor, contact: Contact) -> Decision:
    """Contacts in scope; the contact's own organisation may correct and erase too (PIPL, articles 46 and 47)."""
    return _unless_erased(contact) and decide(actor, Action.CONTACT_EDIT, contact)


def may_reveal(actor: Actor, contact: Contact) -> Decision:
    """Show the full phone number once."""
    return _unless_erased(contact) and decide(actor, Action.CONTACT_REVEAL, contact)


def may_arrange(actor: Actor, organisation: Organisation) -> Decision:
    """Working days hold for everybody here: the provincial department records them. `organisation` is the actor's."""
    allowed = decide(actor, Action.WORKDAY_ARRANGE)
    if allowed and organisation.kind is not OrganisationKind.HR_DEPARTMENT:
        return no(msg("Working days are recorded by the provincial HR department"))
    return allowed


def _unless_erased(contact: Contact) -> Decision:
    if contact.erased:
        return Decision(False, msg("This contact has been erased"), wrong_state=True)
    return Decision(True)
