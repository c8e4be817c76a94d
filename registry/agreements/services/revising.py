"""Changing an agreement in force: a revision of its own, drafted on the effective terms. 变更与终止."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.db import db
from ...core.errors import Conflict, Invalid, Unmet
from ...core.i18n import msg
from ...organisations.models import Organisation
from .. import changes, content, policy, queries
from ..inputs import ChangeDetails, Draft
from ..models import (
    Agreement,
    AgreementParty,
    AgreementPeriod,
    AgreementRevision,
    PartyRole,
    RevisionKind,
    RevisionStage,
    SignatoryStatus,
)
from ..participants import CHANGE
from . import endings, projection
from .revisions import append, open_revision, reopened

ALREADY_OPEN = msg("A change of this agreement is on its way already")


def begin(agreement: Agreement, kind: RevisionKind, details: ChangeDetails, actor: User) -> AgreementRevision:
    """Draft a change on the terms in force; only one may be on its way.

    Raises Forbidden, Conflict, Invalid by field (kind, leaving).
    """
    decide(actor, Action.AGREEMENT_REVISE, agreement).enforce()
    if agreement.open_revision is not None:
        raise Conflict(ALREADY_OPEN)
    if kind not in changes.FOLLOW_UPS:
        raise Invalid({"kind": [msg("Choose one of the listed values")]})
    _check_leaving(agreement, kind, details)
    base = agreement.effective_revision or _from_record(agreement)
    revision = append(agreement, _begun(kind, base, details), kind=kind, base_id=base.id)
    agreement.edited_by_id = actor.id
    db.session.flush()
    told = {"revision": (None, revision.no), "kind": (None, str(kind))}
    projection.settle(agreement, actor, Action.AGREEMENT_REVISE, told, reason=details.reason)
    return revision


def describe(agreement: Agreement, details: ChangeDetails, actor: User) -> None:
    """Change what the drafted revision says of itself: reason, day, who leaves, arrangements.

    Raises Forbidden, Conflict, Invalid by field.
    """
    decide(actor, Action.AGREEMENT_EDIT, agreement).enforce()
    revision = open_revision(agreement)
    if revision.base is None:
        raise Conflict(msg("This is not possible in the present state"))
    _check_leaving(agreement, revision.kind, details)
    before = revision.content[CHANGE]
    if revision.kind in changes.SHORT:
        revision.content = _begun(revision.kind, revision.base, details)
    else:
        described = changes.composed(revision.kind, revision.base, details)
        revision.content = {**revision.content, CHANGE: described}
    agreement.edited_by_id = actor.id
    after = revision.content[CHANGE]
    told = {name: (before[name], after[name]) for name in after if before.get(name) != after[name]}
    projection.settle(agreement, actor, Action.AGREEMENT_EDIT, told)


def _check_leaving(agreement: Agreement, kind: RevisionKind, details: ChangeDetails) -> None:
    """Raises Invalid for a withdrawal of nobody, of a stranger, or of the owner, who keeps the record."""
    if kind is not RevisionKind.WITHDRAWAL:
        return
    leaving = [party for party in agreement.parties if party.position in details.leaving]
    if not leaving or len(leaving) != len(details.leaving):
        raise Invalid({"leaving": [msg("Choose the party that leaves")]})
    if any(party.organisation_id == agreement.owner_id for party in leaving):
        raise Invalid({"leaving": [msg("The owner keeps the record of the agreement and cannot leave it")]})


def _begun(kind: RevisionKind, base: AgreementRevision, details: ChangeDetails) -> dict[str, Any]:
    """The base's content with what the change says; those who leave are not named among the parties."""
    begun = reopened(base.content) | {CHANGE: changes.composed(kind, base, details)}
    leaving = details.leaving if kind is RevisionKind.WITHDRAWAL else frozenset()
    begun["parties"] = [line for line in begun["parties"] if line["position"] not in leaving]
    return begun


def _from_record(agreement: Agreement) -> AgreementRevision:
    """The first text of a historic record: what the record says, without articles that nobody entered."""
    revision = append(agreement, content.of_record(agreement))
    revision.stage, revision.signed_on = RevisionStage.EFFECTIVE, agreement.signed_on
    revision.effective_on = agreement.effective_on or agreement.signed_on or agreement.sort_on
    db.session.flush()
    of_agreement = AgreementPeriod.agreement_id == agreement.id
    db.session.execute(update(AgreementPeriod).where(of_agreement).values(revision_id=revision.id))
    return revision


def redraft(
    agreement: Agreement,
    revision: AgreementRevision,
    composed: Mapping[str, Any],
    draft: Draft,
    organisations: Mapping[str, Organisation],
) -> dict[str, Any]:
    """The content of an edited change: parties keep their letters, and whoever joins gets a row that binds nobody."""
    _drop_joining(agreement)
    known = {party.organisation.public_id: party for party in agreement.all_parties if party.organisation}
    free = max((party.position for party in agreement.all_parties), default=0) + 1
    representatives = {line.organisation: line.representative for line in draft.parties}
    lines = []
    for line in composed["parties"]:
        organisation = organisations.get(line["organisation"] or "")
        row = known.get(organisation.public_id) if organisation else None
        if row is None and line["organisation"] is None:
            raise Invalid({"parties": [msg("Every party has to be an organisation of the registry")]})
        if row is None:
            row = _joining(agreement, organisations[line["organisation"]], free)
            free += 1
        if not row.is_bound:
            row.role, row.department = PartyRole(line["role"]), line["department"]
            row.snapshot_representative = representatives.get(line["organisation"], "")
        lines.append({**line, "position": row.position})
    db.session.flush()
    db.session.expire(agreement, ["all_parties"])
    lines.sort(key=lambda line: line["position"])
    return {**composed, "parties": lines, CHANGE: revision.content[CHANGE]}


def _joining(agreement: Agreement, organisation: Organisation, position: int) -> AgreementParty:
    """The row of a party that is to join; one that was dropped from an earlier draft gets its row back."""
    row = _dropped(agreement, organisation)
    if row is None:
        row = AgreementParty(agreement=agreement, organisation=organisation)
        db.session.add(row)
    row.position, row.is_bound = position, False
    return row


def _dropped(agreement: Agreement, organisation: Organisation) -> AgreementParty | None:
    return db.session.scalar(
        select(AgreementParty).where(
            AgreementParty.agreement_id == agreement.id, AgreementParty.organisation_id == organisation.id
        )
    )


def lettered(agreement: Agreement) -> list[AgreementParty]:
    """Parties that keep their position whatever is drafted.

    Whoever left keeps the letter that signed texts call it by, and whoever is to join by a text that was signed for a
    later day keeps it too.
    """
    pending = agreement.pending_revision
    named = {line["position"] for line in pending.content["parties"]} if pending else set()
    return [row for row in agreement.all_parties if row.is_bound or row.left_on is not None or row.position in named]


def _drop_joining(agreement: Agreement) -> None:
    """Parties of an earlier draft that are not to join any more."""
    kept = lettered(agreement)
    for party in agreement.all_parties:
        if party not in kept:
            party.position = -party.id
    db.session.flush()
    db.session.expire(agreement, ["all_parties"])


def abandon(agreement: Agreement, reason: str, actor: User) -> None:
    """Give a change up before it is signed; what is in force stays as it is, numbers and opinions are kept.

    Raises Forbidden, Conflict, Unmet while a signature stands, Invalid without a reason.
    """
    policy.may_abandon(actor, agreement).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    revision = open_revision(agreement)
    rows = queries.signatories_of(revision)
    if any(row.status is SignatoryStatus.SIGNED for row in rows):
        raise Unmet([msg("Every recorded signature has to be voided with a reason first")])
    before = revision.stage
    endings.drop(agreement, revision, reason)
    _drop_joining(agreement)
    told = {"revision": (None, revision.no), "stage": (str(before), str(revision.stage))}
    projection.settle(agreement, actor, Action.AGREEMENT_ABANDON, told, reason=reason)
