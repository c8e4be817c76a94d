"""Filing signed papers in the archive, and the package that is made of them. 归档."""

from collections.abc import Iterator, Sequence

from sqlalchemy.exc import IntegrityError

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now
from ...core.db import db
from ...core.errors import Conflict, Invalid, Unmet
from ...core.i18n import Message, msg
from ...documents import store
from ...jobs.queries import find
from ...jobs.services import enqueue
from .. import queries, retention
from ..archive_dossier import dossier_of, papers_of
from ..guards import PROOFS
from ..inputs import ArchiveDetails
from ..labels import label
from ..models import (
    AgreementDocument,
    AgreementKind,
    AgreementStatus,
    ArchiveEntry,
    ArchiveSettings,
    Disclosure,
    DocumentKind,
    Retention,
    Secrecy,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
)
from . import projection
from .remake import JOBS, Order, OrderState, is_signed_digitally, order

ARCHIVE_PACKAGE_JOB = "agreements.archive_package"
PACKAGE_MADE = "agreement:archive_package_made"
SIGNED = (AgreementStatus.SIGNED, AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED, AgreementStatus.CLOSED)
TAKEN = msg("Something else was archived under this number")
NO_LONGER = msg("The files or the program are no longer those that the package was made of")


def unmet(entry: ArchiveEntry) -> list[Message]:
    """Everything that stands in the way of filing it."""
    papers = papers_of(entry)
    if entry.revision is None:
        has_source = any(row.kind is DocumentKind.SOURCE for row in papers)
        return [] if has_source else [msg("The source document is missing")]
    signatories = queries.awaited_of(entry.revision)
    return [*_unmade(entry, papers, signatories), *_unproven(papers, signatories)]


def _unmade(
    entry: ArchiveEntry, papers: Sequence[AgreementDocument], signatories: Sequence[Signatory]
) -> Iterator[Message]:
    """Papers that the worker still owes."""
    assert entry.revision  # noqa: S101 - the caller looked
    closed = (DocumentKind.SIGNED_AGREEMENT,) if is_signed_digitally(signatories) else ()
    for kind in (DocumentKind.REGISTRY_COPY, *closed):
        if not any(row.kind is kind for row in papers):
            state = order(kind, find(JOBS[kind], entry.revision.public_id)).state
            being_made = state in (OrderState.WAITING, OrderState.BEING_MADE, OrderState.POSTPONED)
            words = msg("%(document)s: still being made", document=label(kind))
            yield words if being_made else msg("%(document)s: missing", document=label(kind))


def _unproven(papers: Sequence[AgreementDocument], signatories: Sequence[Signatory]) -> Iterator[Message]:
    """Papers that people should have handed in."""
    present = {(row.party_id, row.kind) for row in papers}
    for row in signatories:
        if row.status is not SignatoryStatus.SIGNED:
            yield msg("%(party)s has not signed", party=row.party.called)
        if row.is_proxy and (row.party_id, DocumentKind.PROXY_LETTER) not in present:
            yield msg("%(party)s: the proxy letter is missing", party=row.party.called)
        kind, words = PROOFS.get(row.method, PROOFS[SignatureMethod.WET_INK])
        if row.method is not SignatureMethod.DIGITAL and (row.party_id, kind) not in present:
            yield msg(words.key, party=row.party.called)


def archive(entry: ArchiveEntry, details: ArchiveDetails, actor: User) -> None:
    """File a signed paper: from now on nothing of it changes, and its package is ordered.

    Raises Forbidden, Conflict (state, filed before), Unmet with everything that is missing, Invalid by field.
    """
    agreement = entry.agreement
    decide(actor, Action.AGREEMENT_ARCHIVE, agreement).enforce()
    if entry.archived_at is not None:
        raise Conflict(msg("This was archived before"))
    missing = unmet(entry)
    if missing:
        raise Unmet(missing)
    _check(entry, details)
    until = retention.kept_until(details.retention, entry.signed_on)
    with db.session.no_autoflush:  # once it is written as filed, not even its dossier can be added
        entry.secrecy, entry.disclosure = details.secrecy, details.disclosure
        entry.place, entry.originals, entry.archived_by = details.place, details.originals, actor
        entry.file(details.number, details.retention, until, actor.id, now())
        entry.dossier = dossier_of(entry)
    _claim_number()
    enqueue(ARCHIVE_PACKAGE_JOB, entry.public_id, {"entry": entry.public_id})
    changes = {
        "archive_number": (None, entry.number),
        "revision": (None, entry.revision.no if entry.revision else None),
        "retention": (None, entry.retention),
        "kept_until": (None, entry.kept_until),
    }
    projection.settle(agreement, actor, Action.AGREEMENT_ARCHIVE, changes)


def _check(entry: ArchiveEntry, details: ArchiveDetails) -> None:
    problems: dict[str, list[Message]] = {}
    if queries.number_is_taken(entry.owner_id, details.number):
        problems["archive_number"] = [TAKEN]
    if details.secrecy is Secrecy.INTERNAL and details.disclosure is Disclosure.ACTIVE:
        problems["disclosure"] = [msg("What is internal cannot be disclosed proactively")]
    if details.originals and not details.place:
        problems["place"] = [msg("Say where the originals are kept")]
    if problems:
        raise Invalid(problems)


def _claim_number() -> None:
    """Two people may take the same number at the same time: the database settles who was first."""
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        raise Invalid({"archive_number": [TAKEN]}) from error


def package_order(entry: ArchiveEntry) -> Order | None:
    """Where the package stands; None when it is there, or not due."""
    if entry.archived_at is None or entry.package_id is not None:
        return None
    return order(None, find(ARCHIVE_PACKAGE_JOB, entry.public_id))


def remake_package(entry: ArchiveEntry, actor: User) -> None:
    """Order the package (again): it comes out the same, so this also brings back a file that was lost.

    Raises Forbidden, or Conflict for what is not archived yet, or being made.
    """
    agreement = entry.agreement
    decide(actor, Action.AGREEMENT_REMAKE, agreement).enforce()
    if entry.archived_at is None:
        raise Conflict(msg("This was not archived yet"))
    present = find(ARCHIVE_PACKAGE_JOB, entry.public_id)
    if not order(None, present).state.may_order:
        raise Conflict(msg("This document is being made already"))
    enqueue(ARCHIVE_PACKAGE_JOB, entry.public_id, {"entry": entry.public_id, "again": True}, renew=True)
    record(actor, Action.AGREEMENT_REMAKE, agreement, {"document": (None, f"archive package {entry.number}")})


def keep_package(entry: ArchiveEntry, kept: store.Kept) -> bool:
    """Note the package that was made, once; False where another one stands there already."""
    if entry.package is not None:
        return entry.package.sha256 == kept.sha256
    entry.package = store.register(kept)
    changes = {"archive_number": (None, entry.number), "sha256": (None, kept.sha256), "sm3": (None, kept.sm3)}
    record(None, PACKAGE_MADE, entry.agreement, changes)
    return True


def set_retentions(retentions: dict[AgreementKind, Retention], actor: User, version: int) -> ArchiveSettings:
    """Change the terms of retention that the actor's organisation proposes for each kind of agreement.

    `version` is the row's that the page showed, 0 where there was none. Raises Forbidden, or Conflict where somebody
    else was faster.
    """
    decide(actor, Action.ARCHIVE_CONFIGURE).enforce()
    row = queries.settings_of(actor.organisation, for_change=True)
    if (row.row_version if row else 0) != version:
        raise Conflict(msg("Somebody else saved this record first"))
    row = row or ArchiveSettings(organisation_id=actor.organisation_id, retentions={})
    wanted = {str(kind): str(term) for kind, term in retentions.items()}
    before = row.retentions
    row.retentions = wanted
    db.session.add(row)
    db.session.flush()
    changes = {kind: (before.get(kind), term) for kind, term in wanted.items() if before.get(kind) != term}
    record(actor, Action.ARCHIVE_CONFIGURE, actor.organisation, changes)
    return row
