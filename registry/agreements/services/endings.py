"""How an agreement ends, for whichever reason: closed once, with its day, and nothing left on its way. 终结."""

from datetime import date

from ...core.dates import now
from ...core.db import db
from ...core.i18n import Message, msg
from ...records.happenings import Happening, Told, tell
from .. import queries
from ..models import Agreement, AgreementRevision, AgreementStatus, ClosureOutcome, SignatoryStatus
from . import files, projection

SUPERSEDE = "agreement:supersede"
ALIVE = (AgreementStatus.IN_FORCE, AgreementStatus.SUSPENDED)
OPEN_CHANGE = msg("A change of this agreement is on its way: finish or abandon it first")


def close(agreement: Agreement, outcome: ClosureOutcome, on: date, reason: str = "") -> None:
    """Close it; `on` is the first day on which it no longer holds. A change that was on its way is set aside."""
    agreement.close(outcome, on, reason)
    for revision in (agreement.open_revision, agreement.pending_revision):
        if revision is not None:
            drop(agreement, revision, f"{outcome}: {reason}".strip(": "))
    tell(Happening.AGREEMENT_CLOSED, Told(agreement, on, "agreement", agreement.public_id))


def drop(agreement: Agreement, revision: AgreementRevision, reason: str) -> None:
    """Set a text aside that comes to nothing: its papers are void, and nobody is asked to sign it any more."""
    files.void_papers(agreement, reason, revision=revision)
    for row in queries.signatories_of(revision):
        if row.status is SignatoryStatus.PENDING:
            db.session.delete(row)
    revision.set_aside(reason, now())


def unmet(agreement: Agreement) -> list[Message]:
    """What keeps people from ending it."""
    on_its_way = agreement.open_revision or agreement.pending_revision
    return [OPEN_CHANGE] if on_its_way else []


def not_before_terms(agreement: Agreement, day: date) -> date:
    """The day, or that on which the present terms took effect where that is later: they did hold for a while."""
    effective = agreement.effective_revision
    began = effective.effective_on if effective else agreement.effective_on
    return max(day, began or day)


def supersede_renewed(agreement: Agreement) -> None:
    """The agreement that this one renews has its successor from the day this one is in force."""
    renewed = agreement.renews
    if renewed is None or renewed.status not in ALIVE:
        return
    before, day = renewed.status, not_before_terms(renewed, agreement.effective_on or agreement.sort_on)
    close(renewed, ClosureOutcome.SUPERSEDED, day)
    changes = {**projection.moved(before, renewed), "renewal": (None, agreement.number)}
    projection.settle(renewed, None, SUPERSEDE, changes, since=day)
