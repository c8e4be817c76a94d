"""Papers that the worker owes an agreement: where each stands, and ordering one again. 重新制作."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.errors import Conflict
from ...core.i18n import Message, msg
from ...documents.produce import CannotRender
from ...jobs import reasons
from ...jobs.models import JobStatus
from ...jobs.queries import find, find_all
from ...jobs.services import enqueue
from .. import queries
from ..models import (
    Agreement,
    AgreementDocument,
    AgreementRevision,
    DocumentKind,
    RevisionStage,
    Signatory,
    SignatoryStatus,
)
from .signing import REGISTRY_COPY_JOB, SIGNED_AGREEMENT_JOB, SIGNING_COPY_JOB

JOBS = {
    DocumentKind.SIGNING_COPY: SIGNING_COPY_JOB,
    DocumentKind.REGISTRY_COPY: REGISTRY_COPY_JOB,
    DocumentKind.SIGNED_AGREEMENT: SIGNED_AGREEMENT_JOB,
}


class OrderState(StrEnum):
    """Where a paper stands that is not there yet."""

    WAITING = "waiting"
    BEING_MADE = "being_made"
    POSTPONED = "postponed"
    FAILED = "failed"
    MISSING = "missing"

    @property
    def may_order(self) -> bool:
        """Whether ordering it (again) makes sense: it is neither waiting its turn nor being made."""
        return self not in (OrderState.WAITING, OrderState.BEING_MADE)


@dataclass(frozen=True)
class Order:
    """A paper that ought to be there and is not; `reason` says why the last try failed, `again_at` when the next is.

    `revision_no` says of which text it is.
    """

    kind: DocumentKind | None
    state: OrderState
    reason: Message | str = ""
    again_at: datetime | None = None
    revision_no: int | None = None


def owed(
    revisions: Sequence[AgreementRevision],
    documents: Sequence[AgreementDocument],
    signatories: Sequence[Signatory],
) -> Sequence[Order]:
    """Papers that these texts should have by now and lack; `signatories` are those of all of them."""
    lacking = [(revision, kind) for revision in revisions for kind in _lacking(revision, documents, signatories)]
    if not lacking:
        return ()
    found = find_all(JOBS.values(), [revision.public_id for revision, _kind in lacking])
    return [
        replace(order(kind, found.get((JOBS[kind], revision.public_id))), revision_no=revision.no)
        for revision, kind in lacking
    ]


def _lacking(
    revision: AgreementRevision, documents: Sequence[AgreementDocument], signatories: Sequence[Signatory]
) -> list[DocumentKind]:
    own = [row for row in signatories if row.revision_id == revision.id]
    present = {row.kind for row in documents if row.counts_for(revision)}
    return [kind for kind in wanted(revision, own) if kind not in present]


def is_signed_digitally(signatories: Sequence[Signatory]) -> bool:
    """Whether a digital signature stands: a voided one, even if nobody replaced it digitally, is none."""
    return any(row.digital for row in queries.awaited(signatories) if row.status is SignatoryStatus.SIGNED)


def wanted(revision: AgreementRevision, signatories: Sequence[Signatory]) -> Sequence[DocumentKind]:
    """The papers that this state asks for; a historic text brings its own, and only what was signed is closed."""
    if revision.stage is RevisionStage.SIGNING:
        return (DocumentKind.SIGNING_COPY,)
    if not revision.is_signed or not revision.content_sha256:
        return ()
    closed = (DocumentKind.SIGNED_AGREEMENT,) if is_signed_digitally(signatories) else ()
    return (DocumentKind.REGISTRY_COPY, *closed)


def remake(agreement: Agreement, kind: DocumentKind, actor: User, no: int | None = None) -> None:
    """Order a paper of the present text, or of that numbered `no`, (again).

    Before a signature the same content gives the same bytes, so nothing is there twice.
    Raises Forbidden, or Conflict for a paper that the text's state does not ask for, or that is being made.
    """
    decide(actor, Action.AGREEMENT_REMAKE, agreement).enforce()
    numbered = next((row for row in agreement.revisions if row.no == no), None)
    revision = agreement.present_revision if no is None else numbered
    if revision is None or kind not in wanted(revision, queries.signatories_of(revision)):
        raise Conflict(msg("This document is not wanted in the present state"))
    if not order(kind, find(JOBS[kind], revision.public_id)).state.may_order:
        raise Conflict(msg("This document is being made already"))
    enqueue(JOBS[kind], revision.public_id, {"revision": revision.public_id, "again": True}, renew=True)
    record(actor, Action.AGREEMENT_REMAKE, agreement, {"document": (None, kind)})


def order(kind: DocumentKind | None, job: Any) -> Order:
    """Where a paper stands by its job; None as the kind stands for what is no document of the agreement itself."""
    if job is None or job.status is JobStatus.DONE:
        return Order(kind, OrderState.MISSING)
    if job.status is JobStatus.RUNNING:
        return Order(kind, OrderState.BEING_MADE)
    if not job.last_error:
        return Order(kind, OrderState.WAITING)
    state = OrderState.FAILED if job.status is JobStatus.FAILED else OrderState.POSTPONED
    return Order(kind, state, _in_words(job.last_error), job.run_after)


def _in_words(error: str) -> Message:
    """What a reader can understand; the rest is for the system administrator."""
    said = reasons.read(error)
    return said if isinstance(said, Message) else CannotRender.title
