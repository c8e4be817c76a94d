"""Everything that a person can do to one agreement, each tried with fitting input and taken back again."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import event

from registry.accounts.models import User
from registry.agreements import policy, queries
from registry.agreements.inputs import ChangeDetails, HistoricRecord, NoticeDetails, Opinion, Term
from registry.agreements.merging import Side
from registry.agreements.models import (
    Agreement,
    DocumentKind,
    RenewalDecision,
    RevisionKind,
    Verdict,
)
from registry.agreements.services import (
    clearance,
    ending,
    entry,
    files,
    lifecycle,
    negotiation,
    rebasing,
    remake,
    renewal,
    revising,
    signing,
)
from registry.core.access.actions import Action
from registry.core.access.roles import Role
from registry.core.dates import today
from registry.core.db import db, transaction
from registry.core.errors import Conflict, RegistryError
from tests.agreements.scene import Scene, details, stored
from tests.agreements.states import LEGAL, YES

WHY = "情况变化"
Do = Callable[[], object]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Attempt:
    """What is tried: by the page's endpoint and the row that it is about (a public id, or nothing)."""

    endpoint: str
    do: Do
    row: str = ""


class TakenBack(Exception):
    """Ends the transaction of an attempt that succeeded."""


def successes(tried: Iterable[tuple[Key, Do]]) -> set[Key]:
    """What of all this can be done now; nothing remains of any of it.

    Attempts that changed nothing share a transaction, since beginning anew for each would take most of the time.
    """
    left, found = list(tried), set()
    with _flushes() as flushed:
        while left:
            try:
                with transaction():
                    while left:
                        key, do = left.pop(0)
                        found |= {key} if _is_done(do) else set()
                        if flushed or _is_touched():
                            raise TakenBack
            except TakenBack:
                flushed.clear()
    return found


def _is_done(do: Do) -> bool:
    try:
        do()
    except RegistryError:
        return False
    return True


def _is_touched() -> bool:
    session = db.session()
    return bool(session.new or session.dirty or session.deleted)


@contextmanager
def _flushes() -> Iterator[list[bool]]:
    """Whether something was written meanwhile."""
    seen: list[bool] = []
    session = db.session()

    def note(*_about: object) -> None:
        seen.append(True)

    event.listen(session, "after_flush", note)
    try:
        yield seen
    finally:
        event.remove(session, "after_flush", note)


def plain(scene: Scene, agreement: Agreement, by: User) -> dict[str, Do]:
    """By endpoint: what needs no row."""
    return {
        "submit": lambda: clearance.submit(agreement, by, duplicates_known=True),
        "clear": lambda: clearance.clear(agreement, _opinion(by), by),
        "send_back": lambda: clearance.send_back(agreement, WHY, by),
        "request_changes": lambda: negotiation.request_changes(agreement, Verdict.REJECTED, WHY, by),
        "start_signing": lambda: signing.start_signing(agreement, by),
        "withdraw_signing": lambda: signing.withdraw_signing(agreement, WHY, by),
        "complete_signing": lambda: signing.complete_signing(agreement, by),
        "send_again": lambda: signing.send_again(agreement, by),
        "void": lambda: lifecycle.void(agreement, WHY, by),
        "suspend": lambda: lifecycle.suspend(agreement, WHY, by),
        "resume": lambda: lifecycle.resume(agreement, WHY, by),
        "confirm": lambda: entry.confirm(agreement, by),
        "edit": lambda: _edit(scene, agreement, by),
        "upload_source": lambda: files.attach_source(agreement, stored(), "来源.pdf", by),
        "upload": lambda: _upload(agreement, by),
        "review_and_sign": lambda: _sign(agreement, by),
    }


def _opinion(by: User) -> Opinion:
    return LEGAL if Role.LEGAL_OFFICER in by.roles else YES


def _edit(scene: Scene, agreement: Agreement, by: User) -> None:
    if agreement.is_historic and agreement.open_revision is None:
        given = HistoricRecord(agreement.kind, "更正的名称", (), "报道", term=Term(open_ended=True))
        entry.correct(agreement, given, by)
    else:
        entry.edit(agreement, scene.draft_input(title_zh="另一个名称"), by)


def _upload(agreement: Agreement, by: User) -> None:
    """For any of the parties that sign, or are to; one that declined has no paper to bring."""
    revision = agreement.open_revision
    rows = queries.signatories_of(revision) if revision else ()
    refused: RegistryError = Conflict()
    for party in dict.fromkeys(row.party for row in rows if row.status in ("pending", "signed")):
        try:
            files.attach_for_party(agreement, party, DocumentKind.PARTY_SCAN, stored(), "扫描件.pdf", by)
        except RegistryError as error:
            refused = error
        else:
            return
    raise refused


def _sign(agreement: Agreement, by: User) -> None:
    """As far as the page of signing goes: the turn of the own party, which has not signed."""
    revision = agreement.open_revision
    rows = queries.awaited_of(revision) if revision else []
    own = [row for row in rows if row.party.organisation_id == by.organisation_id and row.status == "pending"]
    if not own:
        raise Conflict
    policy.may_sign(by, agreement, own[0], rows).enforce()


def of_rows(agreement: Agreement, by: User) -> Iterator[Attempt]:
    """What is about one party, signature or file."""
    revision = agreement.open_revision
    for party in agreement.parties_now:
        yield Attempt("approve_from_paper", _approve(agreement, party, by), party.public_id)
    for row in queries.signatories_of(revision) if revision else ():
        yield Attempt(
            "record_signature", _on(signing.record_signature, agreement, row, details(today()), by), row.public_id
        )
        yield Attempt("void_signature", _on(signing.void_signature, agreement, row, WHY, by), row.public_id)
        yield Attempt("decline", _on(signing.decline, agreement, row, WHY, by), row.public_id)
    for document in queries.documents_of(agreement):
        yield Attempt("remove_file", _on(files.remove, agreement, document, WHY, by), document.public_id)
    for kind in remake.JOBS:
        yield Attempt("remake", _on(remake.remake, agreement, kind, by), str(kind))


def _approve(agreement: Agreement, party: object, by: User) -> Do:
    return lambda: negotiation.approve_from_paper(agreement, party, "复函", by)  # type: ignore[arg-type]


def _on(service: Callable[..., object], *given: object) -> Do:
    return lambda: service(*given)


def later(agreement: Agreement, by: User) -> Iterator[tuple[Action, Do]]:
    """What comes after signing, by action: one of a kind that succeeds is enough for the page to offer it."""
    about = ChangeDetails(WHY, arrangements="已办结")
    for kind in (RevisionKind.AMENDMENT, RevisionKind.TERMINATION):
        yield Action.AGREEMENT_REVISE, _on(revising.begin, agreement, kind, about, by)
    yield Action.AGREEMENT_ABANDON, _on(revising.abandon, agreement, WHY, by)
    yield Action.AGREEMENT_MERGE, lambda: _merge(agreement, by)
    yield Action.AGREEMENT_DECIDE_RENEWAL, _on(renewal.decide_renewal, agreement, RenewalDecision.RENEW, WHY, by)
    yield Action.AGREEMENT_RENEW, _on(renewal.renew, agreement, (), by)
    if agreement.parties:
        given = NoticeDetails(agreement.parties[-1].public_id, today(), 30, WHY)
        yield Action.AGREEMENT_GIVE_NOTICE, lambda: ending.give_notice(agreement, given, stored(), "通知.pdf", by)
    yield Action.AGREEMENT_GIVE_NOTICE, _on(ending.withdraw_notice, agreement, WHY, by)
    yield Action.AGREEMENT_TERMINATE, _on(ending.terminate, agreement, by)
    yield Action.AGREEMENT_COMPLETE, _on(ending.complete, agreement, by)


def _merge(agreement: Agreement, by: User) -> None:
    from_theirs = {clash.path: Side.THEIRS for clash in rebasing.merged(agreement).clashes}
    rebasing.bring_forward(agreement, from_theirs, by)
