"""The superior department's consent to an agreement of one of its institutions, as a file. 主管部门同意文件。

A contract of a subordinate institution needs the consent of its department before it is signed (county and city rules
on the contracts of organs, e.g. the review rules of human-resources bureaus).
"""

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import Actor, Decision, decide, no
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ...documents import store
from .. import consents
from ..models import Agreement, AgreementDocument, AgreementParty, DocumentKind
from . import files, projection


def may_attach(actor: Actor, agreement: Agreement, party: AgreementParty) -> Decision:
    """The institution's own handler, or the owner's."""
    if actor.organisation_id not in (party.organisation_id, agreement.owner_id):
        return no(msg("Only people of %(party)s can do this", party=party.called))
    revision = agreement.open_revision
    if actor.organisation_id != agreement.owner_id and revision and not revision.content_sha256:
        return no(msg("The text has not been put before the parties yet"))
    return decide(actor, Action.AGREEMENT_ATTACH_CONSENT, agreement)


def attach(
    agreement: Agreement, party: AgreementParty, kept: store.Kept, filename: str, actor: User
) -> AgreementDocument:
    """File the consent for a party.

    Raises Forbidden, Conflict once signing has begun, Invalid for a party that needs none.
    """
    may_attach(actor, agreement, party).enforce()
    if not consents.needs_consent(party):
        raise Invalid({"party": [msg("%(party)s needs no consent of a department", party=party.called)]})
    document = files.add(agreement, DocumentKind.CONSENT, store.register(kept), filename, actor, party)
    changes = {"file": (None, filename), "sha256": (None, kept.sha256), "party": (None, party.name)}
    projection.settle(agreement, actor, Action.AGREEMENT_ATTACH_CONSENT, changes)
    return document


def void(agreement: Agreement, document: AgreementDocument, reason: str, actor: User) -> None:
    """Mark a consent as void with a reason; the file stays.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    if document.party is None or document.kind is not DocumentKind.CONSENT or document.void_reason:
        raise Conflict(msg("This file cannot be removed"))
    may_attach(actor, agreement, document.party).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    document.void_reason = reason
    changes = {"file": (document.filename, None)}
    projection.settle(agreement, actor, Action.AGREEMENT_ATTACH_CONSENT, changes, reason=reason)
