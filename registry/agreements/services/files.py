"""Files of an agreement: scans, proxy letters, attachments; and what the worker made."""

from collections.abc import Sequence

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from ...documents import store
from ...documents.models import StoredFile
from .. import policy, queries
from ..models import (
    Agreement,
    AgreementDocument,
    AgreementParty,
    AgreementRevision,
    AgreementStatus,
    DocumentKind,
)
from . import projection, steps
from .incoming import NO_ORIGIN, Paper

NOT_FOR_SIGNING = {
    DocumentKind.REGISTRY_COPY, DocumentKind.SOURCE, DocumentKind.ATTACHMENT, DocumentKind.CONSENT,
}  # fmt: skip
SIGNING_KINDS = frozenset(DocumentKind) - NOT_FOR_SIGNING
RECORD = Action.AGREEMENT_RECORD_SIGNATURE
PARTY_KINDS = (DocumentKind.PARTY_SCAN, DocumentKind.EXTERNAL_FILE, DocumentKind.PROXY_LETTER)


def paper_name(revision: AgreementRevision, what: str) -> str:
    """What a paper that the registry made is called; that of a later text carries its number (第2版)."""
    edition = f"-第{revision.no}版" if revision.no > 1 else ""
    return f"{revision.agreement.number}-{what}{edition}.pdf"


def attach(agreement: Agreement, parties: Sequence[AgreementParty], paper: Paper, actor: User) -> None:
    """File one paper for each of the parties that it counts for: the file is kept once.

    Raises Forbidden for a party that the actor does not act for, Conflict outside signing, Invalid without a party or
    for another kind of file.
    """
    if not parties:
        raise Invalid({"parties": [msg("Choose for which party it counts")]})
    file = store.register(paper.kept)
    for party in parties:
        attach_for_party(agreement, party, paper.kind, file, paper.filename, actor, paper)


def attach_for_party(
    agreement: Agreement,
    party: AgreementParty,
    kind: DocumentKind,
    file: StoredFile,
    filename: str,
    actor: User,
    paper: Paper | None = None,
) -> AgreementDocument:
    """Attach a party's scan of the signed and sealed paper, its file that was sealed elsewhere, or its proxy letter,
    while signing.

    Raises Forbidden, Conflict outside signing, Invalid for another kind of file.
    """
    decide(actor, Action.AGREEMENT_RECORD_SIGNATURE, agreement).enforce()
    policy.may_act_for(actor, agreement, party, has_users=steps.acts_itself(party, RECORD)).enforce()
    if kind not in PARTY_KINDS:
        raise Invalid({"kind": [msg("Choose one of the listed values")]})
    if kind is DocumentKind.EXTERNAL_FILE and not (paper and paper.origin):
        raise Invalid({"origin": [NO_ORIGIN]})
    document = add(agreement, kind, file, filename, actor, party)
    changes = {"file": (None, filename), "sha256": (None, file.sha256), "party": (None, party.name)}
    if paper:
        document.scan_pages = list(map(dict, paper.scan_pages)) if paper.scan_pages is not None else None
        document.origin = paper.origin
        changes |= {name: (None, said) for name, said in (("origin", paper.origin), ("seen", paper.seen)) if said}
    projection.settle(agreement, actor, Action.AGREEMENT_RECORD_SIGNATURE, changes)
    return document


def remove(agreement: Agreement, document: AgreementDocument, reason: str, actor: User) -> None:
    """Void a party's file of the text that is being signed, with a reason; the file itself stays.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_RECORD_SIGNATURE, agreement).enforce()
    revision = agreement.open_revision
    is_signed_now = revision is not None and document.counts_for(revision)
    if document.party is None or document.kind not in PARTY_KINDS or not is_signed_now:
        raise Conflict(msg("This file cannot be removed"))
    policy.may_act_for(actor, agreement, document.party, has_users=steps.acts_itself(document.party, RECORD)).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    document.void_reason = reason
    changes = {"file": (document.filename, None)}
    projection.settle(agreement, actor, Action.AGREEMENT_RECORD_SIGNATURE, changes, reason=reason)


def attach_source(agreement: Agreement, file: StoredFile, filename: str, actor: User) -> AgreementDocument:
    """Attach the source of a historic entry: a scan, a page of a newspaper."""
    decide(actor, Action.AGREEMENT_EDIT, agreement).enforce()
    if agreement.status is not AgreementStatus.RECORDED_PENDING:
        raise Conflict(msg("This is not possible in the present state"))
    document = add(agreement, DocumentKind.SOURCE, file, filename, actor)
    changes = {"file": (None, filename), "sha256": (None, file.sha256)}
    projection.settle(agreement, actor, Action.AGREEMENT_EDIT, changes)
    return document


def void_papers(
    agreement: Agreement, reason: str, party: AgreementParty | None = None, *, revision: AgreementRevision | None = None
) -> None:
    """Mark what was made for signing, and what came of it, as void: one party's papers, or everybody's.

    Papers of other revisions than the one named stay as they are: what is in force is not touched.
    """
    for document in queries.documents_of(agreement):
        concerned = (document.party is party if party else True) and (
            revision is None or document.revision_id == revision.id
        )
        if document.kind in SIGNING_KINDS and concerned and not document.void_reason:
            document.void_reason = reason


def add(
    agreement: Agreement,
    kind: DocumentKind,
    file: StoredFile,
    filename: str,
    actor: User | None,
    party: AgreementParty | None = None,
    *,
    revision: AgreementRevision | None = None,
) -> AgreementDocument:
    """The row alone, for people's uploads and the worker's products alike; under the present revision unless told."""
    revision = revision or agreement.present_revision
    document = AgreementDocument(
        agreement=agreement,
        revision_id=revision.id if revision else None,
        party=party,
        kind=kind,
        file=file,
        filename=filename,
        added_by=actor,
        added_at=now(),
    )
    db.session.add(document)
    db.session.flush()
    return document
