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


def may_merge(actor: Actor, organisation: Organisation) -> Decision:
    """A section head, for what is below and for what was added here and is unchecked; nobody their own organisation."""
    return _may_end(actor, organisation, Action.ORGANISATION_MERGE)


def may_merge_into(actor: Actor, survivor: Organisation, *, takes_people: bool) -> Decision:
    """Into an organisation in scope; else into a confirmed one, as long as it gets no people or records by that.

    A merge gives sight: the survivor's people see what the duplicate's saw, and people who follow see what the
    survivor's do. Partners outside the province are in nobody's scope, and are what is most often entered twice.
    """
    if decide(actor, Action.ORGANISATION_MERGE, survivor):
        return Decision(True)
    if survivor.needs_check:
        return no(msg("The other organisation is outside your scope and has not been checked yet"))
    if takes_people:
        return no(msg("People or records of its own would come to an organisation outside your scope"))
    return Decision(True)


def may_part(actor: Actor, duplicate: Organisation, survivor: Organisation, merged_for: int) -> Decision:
    """Take a merge back: whoever may merge, but of the survivor itself only those who had merged it."""
    if duplicate.status is not OrganisationStatus.MERGED:
        return Decision(False, msg("This organisation is not merged into another"), wrong_state=True)
    if actor.organisation_id == survivor.id and actor.organisation_id != merged_for:
        return no(msg("The merge into your own organisation is taken back by the organisation above it"))
    return decide(actor, Action.ORGANISATION_MERGE, duplicate)


def may_close(actor: Actor, organisation: Organisation) -> Decision:
    """Dissolve, by a section head above it or where it was added; nobody their own organisation."""
    return _may_end(actor, organisation, Action.ORGANISATION_CLOSE)


def _may_end(actor: Actor, organisation: Organisation, action: Action) -> Decision:
    if organisation.id == actor.organisation_id:
        return no(msg("Your own organisation is merged or dissolved by the organisation above it"))
    if organisation.status is not OrganisationStatus.ACTIVE:
        return Decision(False, msg("This organisation has been dissolved or merged already"), wrong_state=True)
    return decide(actor, action, organisation)


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
