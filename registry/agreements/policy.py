"""Rules beyond the policy table: who may not judge their own work, and for whom an organisation may act."""

from collections.abc import Iterable, Mapping, Sequence

from ..core.access.actions import Action
from ..core.access.decision import YES, Actor, Decision, StandIn, decide, exercised, no
from ..core.access.roles import APPROVING, Role
from ..core.i18n import msg
from ..organisations.models import Organisation
from .models import Agreement, AgreementParty, Clearance, Signatory, SignatoryStatus, SigningEvent

# Whose presence means that a party acts for itself. What a party noted from paper its seal keeper sees to; what it
# decided or signed digitally its leader and signatories answer for.
OWN_PEOPLE: Mapping[Action, frozenset[Role]] = {
    Action.AGREEMENT_RECORD_SIGNATURE: frozenset({Role.SEAL_KEEPER}),
    Action.AGREEMENT_VOID_SIGNATURE: frozenset({Role.SIGNATORY, Role.LEADER}),
    Action.AGREEMENT_DECLINE: frozenset({Role.SEAL_KEEPER, Role.SIGNATORY, Role.LEADER}),
}

# What a party does among itself; in histories and packages it is nobody else's business.
INTERNAL = frozenset(
    {
        Action.AGREEMENT_REGISTER,
        Action.AGREEMENT_EDIT,
        Action.AGREEMENT_SUBMIT,
        Action.AGREEMENT_RETURN,
        Action.AGREEMENT_CLEAR,
        Action.AGREEMENT_DOWNLOAD,
        Action.AGREEMENT_REVISE,
        Action.AGREEMENT_ABANDON,
        Action.AGREEMENT_MERGE,
        Action.AGREEMENT_DECIDE_RENEWAL,
        Action.AGREEMENT_RENEW,
        Action.AGREEMENT_ATTACH_CONSENT,
        Action.AGREEMENT_SUPPLEMENT,
        Action.AGREEMENT_CONFIRM_SUPPLEMENT,
    }
)


def may_register(actor: Actor) -> Decision:
    """A handler enters drafts for their own organisation."""
    return decide(actor, Action.AGREEMENT_REGISTER)


def may_set_numbering(actor: Actor, organisation: Organisation) -> Decision:
    """The section head says how their own organisation numbers, as long as it exists."""
    return decide(actor, Action.AGREEMENT_SET_NUMBERING, organisation)


def may_confirm(actor: Actor, agreement: Agreement) -> Decision:
    """A historic entry is confirmed by somebody else than the person who entered it."""
    if has_worked_on(actor, agreement):
        return no(msg("An entry is confirmed by another person than the one who made it"))
    return decide(actor, Action.AGREEMENT_CONFIRM, agreement)


def has_worked_on(actor: Actor, agreement: Agreement) -> bool:
    """Whether the actor entered it, changed it last, or submitted its open revision."""
    return _worked_on(actor.id, agreement)


def _worked_on(user_id: int, agreement: Agreement) -> bool:
    revision = agreement.open_revision
    submitted_by = revision.submitted_by_id if revision else None
    return user_id in (agreement.handler_id, agreement.edited_by_id, submitted_by)


def may_abandon(actor: Actor, agreement: Agreement) -> Decision:
    """A change that went to review is given up by the leader; while it is a draft, its handler may as well."""
    decision = decide(actor, Action.AGREEMENT_ABANDON, agreement)
    revision = agreement.open_revision
    if decision and Role.LEADER not in actor.roles and revision and revision.submitted_at is not None:
        return no(msg("This needs the role: %(role)s", role=Role.LEADER.label))
    return decision


def may_clear(actor: Actor, agreement: Agreement, step: Clearance, earlier: Iterable[Clearance]) -> Decision:
    """The step's own role, and a person who neither handles the agreement nor judged an earlier step of it.

    Who stands in for a colleague counts by both persons: what the colleague may not judge is not judged in their name.
    """
    if step.organisation_id != actor.organisation_id:
        return no(msg("This step belongs to another organisation"))
    if step.step.role not in exercised(actor, Action.AGREEMENT_CLEAR):
        return no(msg("This step needs the role: %(role)s", role=step.step.role.label))
    if has_worked_on(actor, agreement):
        return no(msg("Nobody reviews an agreement that they handle"))
    judged = list(earlier)
    if _judged(actor.id, judged):
        return no(msg("Whoever judged an earlier step cannot judge this one"))
    if step.step.role not in actor.roles and acts_for(actor, agreement, step, judged) is None:
        return no(msg("The colleague for whom you stand in handles this agreement or judged an earlier step"))
    return decide(actor, Action.AGREEMENT_CLEAR, agreement)


def acts_for(actor: Actor, agreement: Agreement, step: Clearance, earlier: Iterable[Clearance]) -> StandIn | None:
    """For whom the actor takes a step: None with the role itself, else the first who might judge it themselves."""
    judged = list(earlier)
    if step.step.role in actor.roles:
        return None
    for one in actor.standing_in:
        if one.role is step.step.role and not _worked_on(one.for_id, agreement) and not _judged(one.for_id, judged):
            return one
    return None


def _judged(user_id: int, earlier: Iterable[Clearance]) -> bool:
    """Whether one of these steps was judged by this person, or in their name."""
    return any(user_id in (row.decided_by_id, row.on_behalf_of_id) for row in earlier)


def may_return(actor: Actor, agreement: Agreement, step: Clearance | None, earlier: Iterable[Clearance]) -> Decision:
    """Whoever may judge the step that waits; where none does, one of the roles of the policy table itself."""
    decision = decide(actor, Action.AGREEMENT_RETURN, agreement)
    if not decision:
        return decision
    if step is not None:
        return may_clear(actor, agreement, step, earlier)
    return YES if actor.roles & APPROVING else no(msg("No internal step of your organisation is waiting"))


def may_sign(actor: Actor, agreement: Agreement, row: Signatory, rows: Sequence[Signatory]) -> Decision:
    """A signatory signs digitally for their own party only, when it is its turn."""
    decision = decide(actor, Action.AGREEMENT_SIGN, agreement)
    if not decision:
        return decision
    if row.party.organisation_id != actor.organisation_id:
        return no(msg("Only people of %(party)s can do this", party=row.party.called))
    return in_turn(agreement, row, rows)


def in_turn(agreement: Agreement, row: Signatory, rows: Sequence[Signatory]) -> Decision:
    """Where the parties sign in their order, all before this one have signed; `rows` are those that count."""
    if not agreement.signs_in_order:
        return YES
    before = [one for one in rows if one.position < row.position and one.status is not SignatoryStatus.SIGNED]
    if before:
        return Decision(False, msg("%(party)s signs before", party=before[0].party.called), wrong_state=True)
    return YES


def may_act_for(actor: Actor, agreement: Agreement, party: AgreementParty, *, has_users: bool) -> Decision:
    """One's own party; the owner also acts for a party that has no users here, from its papers."""
    if party.organisation_id == actor.organisation_id:
        return YES
    if agreement.owner_id == actor.organisation_id and not has_users:
        return YES
    return no(msg("Only people of %(party)s can do this", party=party.called))


def may_attach_to_event(actor: Actor, event: SigningEvent) -> Decision:
    """Photos and papers of a ceremony are put beside it by whoever of its host changes what is known of it."""
    return decide(actor, Action.EVENT_EDIT, event)


def may_take_archive(actor: Actor, agreement: Agreement, *, sees_owner: bool) -> Decision:
    """The archive package holds what its owner said among itself: for the owner's people, and who oversees them."""
    if not sees_owner:
        return no(msg("The archive package holds the owner's internal opinions; others take the verification package"))
    return decide(actor, Action.AGREEMENT_DOWNLOAD, agreement)
