"""What the page of one agreement shows, gathered once; also after an act that was refused."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from ...audit.queries import history_of
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import Conflict, Invalid, RegistryError, Unmet
from ...core.i18n import Message
from ...core.web.forms import Form
from ...core.web.guard import actor
from .. import badges, content, guards, policy, queries
from ..models import Agreement, AgreementRevision, AgreementStatus, Clearance, Signatory
from ..services import projection, steps

HISTORY = 50


def render(
    agreement: Agreement, error: RegistryError | None = None, form: Form | None = None, failed: str = ""
) -> ResponseReturnValue:
    """The page; with an error it says what was refused at the form that was sent, under the error's status."""
    revision = agreement.open_revision or agreement.effective_revision
    refused = form or Form()
    if isinstance(error, Invalid):
        refused = refused.refused(error)
    html = render_template(
        "agreements/show.html",
        agreement=agreement,
        revision=revision,
        text=content.rendered(revision.content) if revision else None,
        badges=badges.of(agreement, today()),
        missing=projection.missing_details(agreement),
        clearances=_clearances(agreement),
        step=_own_step(agreement),
        approvals=queries.approvals_of(revision) if revision else (),
        signatories=_signatories(agreement, revision),
        seals=queries.seals_of(revision) if revision else (),
        documents=queries.documents_of(agreement),
        history=history_of("agreement", agreement.public_id, HISTORY),
        unmet=_unmet(agreement, revision),
        duplicates=queries.duplicates_of(agreement) if agreement.status is AgreementStatus.DRAFT else (),
        error=error,
        form=refused,
        failed=failed,
    )
    return html, error.status if error else 200


def _clearances(agreement: Agreement) -> Sequence[Clearance]:
    """Internal steps are the business of their own organisation and of whoever oversees it, not of the other side."""
    seen = [
        party.organisation_id
        for party in agreement.parties
        if party.organisation is not None and party.organisation.relations_to(actor())
    ]
    return queries.clearances_of(agreement, [key for key in seen if key is not None])


def _own_step(agreement: Agreement) -> Clearance | None:
    """The internal step that this reader may take now."""
    if agreement.open_revision is None or not decide(actor(), Action.AGREEMENT_CLEAR, agreement):
        return None
    waiting = steps.next_step(agreement, actor().organisation_id)
    earlier = steps.decided_steps(agreement, actor().organisation_id)
    return waiting if waiting and policy.may_clear(actor(), agreement, waiting, earlier) else None


def _signatories(agreement: Agreement, revision: AgreementRevision | None) -> list[tuple[Signatory, bool]]:
    """Each signatory, and whether this reader may note its signature."""
    if revision is None:
        return []
    rows = queries.signatories_of(revision)
    may = bool(decide(actor(), Action.AGREEMENT_RECORD_SIGNATURE, agreement))
    return [(row, may and _acts_for(agreement, row)) for row in rows]


def _acts_for(agreement: Agreement, row: Signatory) -> bool:
    known = steps.has_users(row.party.organisation_id)
    return bool(policy.may_act_for(actor(), agreement, row.party, has_users=known))


def _unmet(agreement: Agreement, revision: AgreementRevision | None) -> Sequence[Message]:
    """What still stands in the way of the next step."""
    if revision is None:
        return ()
    if agreement.status is AgreementStatus.DRAFT:
        return guards.unmet_for_review(agreement, revision, duplicates_known=True)
    if agreement.status is AgreementStatus.NEGOTIATION:
        return guards.unmet_for_signing(agreement, revision, queries.approvals_of(revision))
    if agreement.status is AgreementStatus.SIGNING:
        signatories, seals = queries.signatories_of(revision), queries.seals_of(revision)
        return guards.unmet_for_effect(agreement, signatories, seals, queries.documents_of(agreement))
    return ()


REFUSALS = (Invalid, Unmet, Conflict)
