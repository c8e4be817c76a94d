"""What the page of one agreement shows, gathered once; also after an act that was refused."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...audit.queries import history_of
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.errors import Conflict, Invalid, RegistryError, Stale, Unmet
from ...core.i18n import Message
from ...core.web.forms import Form, show_newest
from ...core.web.guard import actor
from ...core.web.language import language
from ...core.web.shell import moment
from .. import badges, content, guards, policy, queries
from ..facts import party_facts
from ..labels import event_label, label
from ..models import (
    Agreement,
    AgreementParty,
    AgreementRevision,
    AgreementStatus,
    Clearance,
    LegalResult,
    SealKind,
    Signatory,
    Verdict,
)
from ..services import projection, steps
from ..services.files import PARTY_KINDS
from .words import choices

HISTORY = 50


def render(
    agreement: Agreement, error: RegistryError | None = None, form: Form | None = None, failed: str = ""
) -> ResponseReturnValue:
    """The page; with an error it says what was refused at the form that was sent, under the error's status."""
    revision = agreement.open_revision or agreement.effective_revision
    refused = form or Form()
    if isinstance(error, Invalid):
        refused = refused.refused(error)
    if isinstance(error, Stale):
        show_newest()
    html = render_template(
        "agreements/show.html",
        agreement=agreement,
        revision=revision,
        text=content.rendered(revision.content, party_facts(agreement), language()) if revision else None,
        badges=badges.of(agreement, today()),
        missing=projection.missing_details(agreement),
        clearances=_clearances(agreement),
        step=_own_step(agreement),
        approvals=queries.approvals_of(revision) if revision else (),
        signatories=_signatories(agreement, revision),
        seals=queries.seals_of(revision) if revision else (),
        documents=queries.documents_of(agreement),
        events=_events(agreement),
        progress=progress_of(agreement),
        absent=_absent(agreement),
        unmet=_unmet(agreement, revision),
        duplicates=queries.duplicates_of(agreement) if agreement.status is AgreementStatus.DRAFT else (),
        error=error,
        form=refused,
        failed=failed,
        form_for=form_at(refused, failed),
        legal_choices=legal_choices,
        verdicts=COUNTER_VERDICTS,
        seal_kinds=SealKind,
        party_kinds=PARTY_KINDS,
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


def form_at(refused: Form, failed: str) -> Callable[[str], Form]:
    """The form that was refused keeps its values; all others on the page are blank."""
    return lambda name: refused if name == failed else Form()


def legal_choices(revision: AgreementRevision) -> list[tuple[str, Message]]:
    """Findings that let a text pass; the exemption only for an unmodified model text."""
    found = [LegalResult.LEGAL, LegalResult.AFTER_CHANGE]
    return choices([*found, LegalResult.TEMPLATE_EXEMPT] if revision.template_unmodified else found)


def progress_of(agreement: Agreement) -> list[tuple[Message, str, str]]:
    """The steps of this agreement's life with their state, for the strip on top."""
    line = HISTORIC_LINE if agreement.is_historic else LINE
    if agreement.status is AgreementStatus.VOID:
        return [(label(status), "stopped", "") for status in (AgreementStatus.VOID,)]
    reached = line.index(agreement.status) if agreement.status in line else len(line) - 1
    if agreement.status is AgreementStatus.SIGNED:
        reached = line.index(AgreementStatus.IN_FORCE)
    ended = agreement.status in (AgreementStatus.IN_FORCE, AgreementStatus.CLOSED)
    return [(label(status), _state(place, reached, ended=ended), "") for place, status in enumerate(line)]


def _state(place: int, reached: int, *, ended: bool) -> str:
    if place < reached or (ended and place == reached):
        return "done"
    return "current" if place == reached else "todo"


def _events(agreement: Agreement) -> list[dict[str, Any]]:
    """The change log as the timeline shows it."""
    return [
        {
            "when": moment(row.happened_at),
            "who": row.actor_name or _("the registry itself"),
            "title": event_label(row.action),
            "text": row.reason,
        }
        for row in history_of("agreement", agreement.public_id, HISTORY)
    ]


def _absent(agreement: Agreement) -> list[AgreementParty]:
    """Parties without users here whose written approval this reader may note."""
    if not decide(actor(), Action.AGREEMENT_APPROVE, agreement) or actor().organisation_id != agreement.owner_id:
        return []
    others = [party for party in agreement.parties if party.organisation_id != agreement.owner_id]
    return [party for party in others if not steps.has_users(party.organisation_id)]


REFUSALS = (Invalid, Unmet, Conflict)
COUNTER_VERDICTS = (Verdict.CHANGES_REQUESTED, Verdict.REJECTED)
LINE = (
    AgreementStatus.DRAFT,
    AgreementStatus.REVIEW,
    AgreementStatus.NEGOTIATION,
    AgreementStatus.SIGNING,
    AgreementStatus.IN_FORCE,
)
HISTORIC_LINE = (AgreementStatus.RECORDED_PENDING, AgreementStatus.IN_FORCE)
