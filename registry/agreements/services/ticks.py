"""Ticking at the table who has signed: a checklist beside the seal register, which it never replaces. 签约现场勾签。"""

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid, NotFound
from ...core.i18n import msg
from .. import queries
from ..models import Agreement, AgreementParty, AgreementStatus, PartyRole, SignatoryStatus, SigningEvent, TableTick
from .revisions import open_revision


def tick(event: SigningEvent, agreement: Agreement, party: AgreementParty, actor: User) -> TableTick:
    """Note that a party has signed at the table, now. A second tap finds the first one.

    Raises Forbidden, NotFound for an agreement of another event, Conflict outside signing or where the signature is
    recorded already.
    """
    decide(actor, Action.EVENT_TICK, event).enforce()
    _check(event, agreement, party)
    revision = open_revision(agreement)
    standing = queries.ticks_of(event, [agreement]).get((revision.id, party.id))
    if standing:
        return standing
    made = TableTick(
        event_id=event.id,
        agreement=agreement,
        revision_id=revision.id,
        party=party,
        ticked_by=actor,
        ticked_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    record(actor, Action.EVENT_TICK, event, {"signed at the table": (None, made.audit_label)})
    return made


def undo(event: SigningEvent, agreement: Agreement, party: AgreementParty, reason: str, actor: User) -> None:
    """Take a tick back with a reason, as long as the signature is not recorded.

    Raises Forbidden, NotFound without a tick, Conflict, Invalid without a reason.
    """
    decide(actor, Action.EVENT_TICK, event).enforce()
    _check(event, agreement, party)
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    standing = queries.ticks_of(event, [agreement]).get((open_revision(agreement).id, party.id))
    if standing is None:
        raise NotFound
    standing.undo(reason, actor.id, now())
    db.session.flush()
    record(actor, Action.EVENT_TICK, event, {"signed at the table": (standing.audit_label, None)}, reason=reason)


def _check(event: SigningEvent, agreement: Agreement, party: AgreementParty) -> None:
    if agreement.signing_event_id != event.id or party.role is PartyRole.WITNESS:
        raise NotFound
    if agreement.status is not AgreementStatus.SIGNING:
        raise Conflict(msg("This agreement is not being signed now"))
    rows = queries.signatories_by_agreement([agreement])[agreement.id]
    if any(row.party_id == party.id and row.status is SignatoryStatus.SIGNED for row in rows):
        raise Conflict(msg("The signature of %(party)s is recorded already", party=party.called))
