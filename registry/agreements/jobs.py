"""Papers made after the commit, and what the calendar does. A failed PDF never blocks a state: it is made again."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from ..audit.checkpoints import checkpoint
from ..audit.services import record
from ..core.db import db, transaction
from ..core.i18n import msg, speaking
from ..core.instance import settings
from ..documents import produce, store
from ..documents.signing import close
from ..jobs.daily import daily
from ..jobs.registry import GiveUp, handles
from . import content, papers, queries
from .models import Agreement, AgreementRevision, DocumentKind, RevisionStage
from .services import archive_due, files, lifecycle
from .services.calendar import Step
from .services.remake import is_signed_digitally
from .services.signing import REGISTRY_COPY_JOB, SIGNED_AGREEMENT_JOB, SIGNING_COPY_JOB

log = logging.getLogger(__name__)
CALENDAR: tuple[Step[Any], ...] = (
    lifecycle.take_effect,
    lifecycle.take_effect_of_changes,
    lifecycle.expire,
    archive_due.catch_up,
    archive_due.catch_up_historic,
)


@handles(SIGNING_COPY_JOB, title=msg("Make a signing copy"))
def make_signing_copy(payload: Mapping[str, Any]) -> None:
    """Render the signing copy, unless signing was withdrawn or it is there already.

    Ordered `again`, it is rendered all the same: the same bytes come out, which bring back a file that was lost.
    """
    revision = _revision(payload)
    agreement = revision.agreement
    kind = DocumentKind.SIGNING_COPY
    if not (_asks_for(revision, kind) if payload.get("again") else _is_due(agreement, revision, kind)):
        return
    content.verify(revision)
    with speaking("zh"):
        data = papers.signing_copy(agreement, revision, settings().public_url)
    pdf = produce.render_signing_copy(data)
    name = files.paper_name(revision, "签署稿")
    _keep(payload, DocumentKind.SIGNING_COPY, pdf, name, "agreement:signing_copy_made")


@handles(REGISTRY_COPY_JOB, title=msg("Make a registry copy"))
def make_registry_copy(payload: Mapping[str, Any]) -> None:
    """Certificate page and scans, closed by the registry's signature, unless it is there already."""
    revision = _revision(payload)
    agreement = revision.agreement
    if not _is_due(agreement, revision, DocumentKind.REGISTRY_COPY):
        return
    content.verify(revision)
    documents = queries.documents_of(agreement)
    scans = papers.scans_of(revision, documents)
    last = checkpoint()
    with speaking("zh"):
        data = papers.registry_copy(
            agreement,
            revision,
            queries.signatories_of(revision),
            scans,
            settings().public_url,
            f"{last.seq} {last.hash}" if last else "",
            sealed_elsewhere=papers.sealed_elsewhere_of(revision, documents),
        )
    pdf = produce.produce_registry_copy(data, [store.read(rows[0].file) for rows in papers.by_file(scans)])
    name = files.paper_name(revision, "登记副本")
    _keep(payload, DocumentKind.REGISTRY_COPY, pdf, name, "agreement:registry_copy_made")


@handles(SIGNED_AGREEMENT_JOB, title=msg("Close a digitally signed file"))
def make_signed_agreement(payload: Mapping[str, Any]) -> None:
    """The file that the parties signed digitally, closed by the registry's signature, unless it is there already.

    Only once signing is complete: no signature of the registry stands on a file that a party has still to sign.
    """
    revision = _revision(payload)
    agreement = revision.agreement
    if not _is_due(agreement, revision, DocumentKind.SIGNED_AGREEMENT):
        return
    content.verify(revision)
    document = queries.file_to_sign(revision)
    if document is None or not is_signed_digitally(queries.signatories_of(revision)):
        raise GiveUp("there is no digitally signed file to close")
    pdf = close(store.read(document.file))
    name = files.paper_name(revision, "已签协议")
    _keep(payload, DocumentKind.SIGNED_AGREEMENT, pdf, name, "agreement:signed_agreement_made")


@daily("agreements-calendar", msg("Agreements: take effect, expire, fall due"))
def calendar(day: date) -> None:
    """Let what is due take effect, what has run out expire, what was signed be due; a second run finds nothing.

    What fails keeps nothing else; the job fails at its end, tells which, and is tried again.
    """
    failed = [f"{step.name} {key}" for step in CALENDAR for key in _run(step, day)]
    if failed:
        raise RuntimeError(f"could not be done: {', '.join(failed)}")


def _run(step: Step[Any], day: date) -> Sequence[int]:
    """Do all of a step, batch by batch; once one fails, one by one. Returns the ids that failed."""
    done = -1
    try:
        while done:
            with transaction():
                done = step(day)
    except Exception:  # whichever it was, it keeps no other
        log.warning("%s: a batch could not be done, so each is done alone", step.name, exc_info=True)
    else:
        return ()
    return [key for key in step.ids(day) if not _is_done(step, day, key)]


def _is_done(step: Step[Any], day: date, key: int) -> bool:
    try:
        with transaction():
            step(day, only=key)
    except Exception:
        log.exception("%s %d could not be done", step.name, key)
        return False
    return True


def _revision(payload: Mapping[str, Any]) -> AgreementRevision:
    statement = select(AgreementRevision).where(AgreementRevision.public_id == payload["revision"])
    revision = db.session.scalar(statement)
    if revision is None:
        raise GiveUp(f"there is no revision {payload['revision']}")
    return revision


def _asks_for(revision: AgreementRevision, kind: DocumentKind) -> bool:
    """Whether the state still asks for this paper of this revision: an order may be older than the present text."""
    if kind is DocumentKind.SIGNING_COPY:
        return revision.stage is RevisionStage.SIGNING
    return revision.is_signed


def _is_due(agreement: Agreement, revision: AgreementRevision, kind: DocumentKind) -> bool:
    """Whether the paper is asked for and not there yet."""
    return _asks_for(revision, kind) and not any(
        row.kind is kind and row.counts_for(revision) for row in queries.documents_of(agreement)
    )


def _keep(payload: Mapping[str, Any], kind: DocumentKind, pdf: bytes, filename: str, event: str) -> None:
    """Store the bytes, then note them, unless another worker was faster or the state went on."""
    kept = store.put(pdf, "application/pdf")
    with transaction():
        revision = _revision(payload)
        agreement = db.session.get_one(Agreement, revision.agreement_id, with_for_update=True)
        if not _is_due(agreement, revision, kind):
            return
        files.add(agreement, kind, store.register(kept), filename, None, revision=revision)
        record(None, event, agreement, {"file": (None, filename), "sha256": (None, kept.sha256)})
