"""What people try to do to agreements in a random play, rightly and wrongly. Each act is one service call."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from registry.accounts.models import User
from registry.agreements import changes, guards, queries
from registry.agreements.inputs import ChangeDetails, NoticeDetails, Opinion
from registry.agreements.merging import Side as Choice
from registry.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementRevision,
    DocumentKind,
    LegalResult,
    RenewalDecision,
    RevisionKind,
    RevisionStage,
    Signatory,
    SignatoryStatus,
    SignatureMethod,
    Verdict,
)
from registry.agreements.services import (
    bases,
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
    steps,
)
from registry.core.access.roles import Role
from registry.core.db import db
from tests.agreements.play import REASONS, Stage
from tests.agreements.scene import Side, details, stored
from tests.commitments.settled import waive_all

Act = Callable[["Stage"], object]
KINDS = (
    RevisionKind.AMENDMENT, RevisionKind.AMENDMENT, RevisionKind.AMENDMENT, RevisionKind.CORRECTION,
    RevisionKind.ACCESSION, RevisionKind.ACCESSION, RevisionKind.WITHDRAWAL, RevisionKind.WITHDRAWAL,
    RevisionKind.TERMINATION, RevisionKind.RENEWAL,
)  # fmt: skip


def register(play: Stage) -> None:
    """A new draft; a new one is what the play is about from then on."""
    made: list[Agreement] = []
    draft, person = play.text(play.lines()), play.bureau(Role.HANDLER)
    if person.organisation_id != play.cast.scene.bureau.organisation.id:
        return  # a draft of somebody else's is another play
    if play.attempt("register", lambda: made.append(entry.register(draft, person))):
        play.agreements.append(made[0].public_id)


def edit(play: Stage) -> None:
    person = play.draw(play.bureau(Role.HANDLER), play.cast.double)
    play.act("edit", person, lambda agreement, by: entry.edit(agreement, play.redrafted(agreement), by))


def submit(play: Stage) -> None:
    known = play.chance(90)
    play.act("submit", play.bureau(Role.HANDLER), lambda agreement, by: clearance.submit(
        agreement, by, duplicates_known=known))  # fmt: skip


def clear(play: Stage) -> None:
    """The next internal step of an organisation that has one waiting."""
    agreement = play.current()
    waiting = [(side, step) for side in play.cast.sides for step in _waiting(agreement, side)]
    side, step = play.draw(*waiting) if waiting else (play.cast.scene.bureau, None)
    person = play.role(side, step.step.role if step else Role.LEADER)
    if play.chance(8):
        person = play.cast.double
    opinion = Opinion(
        "同意",
        legal_result=LegalResult.LEGAL if play.chance(90) else play.draw(*LegalResult),
        skip_legality_review=not play.chance(90),
        minutes_number="党组会纪要〔2026〕7号" if play.chance(95) else "",
    )
    play.act("clear", person, lambda agreement, by: clearance.clear(agreement, opinion, by), play.agreements[-1])


def _waiting(agreement: Agreement, side: Side) -> list[Any]:
    if agreement.open_revision is None:
        return []
    step = steps.next_step(agreement, side.organisation.id)
    return [step] if step else []


def send_back(play: Stage) -> None:
    reason = play.draw(*REASONS)
    person = play.bureau(Role.SECTION_HEAD, Role.LEGAL_OFFICER, Role.LEADER)
    play.act("send back", person, lambda agreement, by: clearance.send_back(agreement, reason, by))


def request_changes(play: Stage) -> None:
    side = play.draw(play.cast.scene.university, play.cast.second)
    verdict, comment = play.draw(*Verdict), play.draw(*REASONS)
    person = play.role(side, Role.HANDLER, Role.SECTION_HEAD, Role.LEADER)
    play.act("request changes", person, lambda agreement, by: negotiation.request_changes(
        agreement, verdict, comment, by))  # fmt: skip


def approve_from_paper(play: Stage) -> None:
    comment, choose = play.draw("复函", "复函", ""), _chooser(play)
    play.act("approve from paper", play.bureau(Role.LEADER), lambda agreement, by: negotiation.approve_from_paper(
        agreement, choose(agreement.parties_now), comment, by))  # fmt: skip


def _chooser(play: Stage) -> Callable[[Any], Any]:
    """One of some rows, by a place that is drawn before they are known; the last is the likeliest."""
    place = play.draw(-1, -1, 0, 1)
    return lambda rows: list(rows)[place % len(rows)]


def start_signing(play: Stage) -> None:
    in_order = play.chance(25)
    play.act("start signing", play.bureau(Role.LEADER), lambda agreement, by: signing.start_signing(
        agreement, by, in_order=in_order))  # fmt: skip


def _rows(agreement: Agreement, status: SignatoryStatus | None = None) -> list[Signatory]:
    """Rows of all its texts: a page offers those of the present one, a forged request may name any."""
    found = [row for revision in agreement.revisions for row in queries.signatories_of(revision)]
    return [row for row in found if status is None or row.status is status]


def _side(play: Stage, party: AgreementParty | None) -> Side:
    """Whose people act for the party: its own, else the owner's."""
    found = [side for side in play.cast.sides if party and side.organisation.id == party.organisation_id]
    return found[0] if found else play.cast.scene.bureau


def _row(play: Stage, *statuses: SignatoryStatus) -> tuple[int | None, Side]:
    """A signatory's id, mostly one that fits, and whose people would act on it."""
    agreement = play.current()
    fitting = [row for status in statuses for row in _rows(agreement, status)]
    rows = fitting if fitting and play.chance(95) else _rows(agreement)
    row = play.draw(*rows) if rows else None
    return (row.id if row else None), _side(play, row.party if row else None)


def _on_row(play: Stage, name: str, identity: int | None, person: User, do: Callable[..., object]) -> bool:
    if identity is None:
        return False
    return play.act(
        name,
        person,
        lambda agreement, by: do(agreement, db.session.get_one(Signatory, identity), by),
        play.agreements[-1],
    )


def record_signature(play: Stage) -> None:
    identity, side = _row(play, SignatoryStatus.PENDING)
    given = details(
        play.days(0, 0, 0, -1, -6, 1) if play.chance(40) else play.clock.today,
        sealed_on=play.days(0, 0, -1, 1) if play.chance(20) else play.clock.today,
        is_proxy=not play.chance(90),
        method=SignatureMethod.WET_INK if play.chance(95) else SignatureMethod.DIGITAL,
    )
    person = play.role(side, Role.SEAL_KEEPER)
    _on_row(play, "record signature", identity, person, lambda agreement, row, by: signing.record_signature(
        agreement, row, given, by))  # fmt: skip


def attach(play: Stage) -> None:
    """The scan, or the letter of who signed for somebody."""
    agreement = play.current()
    rows = _rows(agreement, SignatoryStatus.SIGNED)
    lacking = [row for row in rows if not _has_scan(agreement, row)]
    if not rows:
        return
    row = play.draw(*(lacking or rows))
    kind = DocumentKind.PROXY_LETTER if row.is_proxy and play.chance(60) else DocumentKind.PARTY_SCAN
    party = row.party_id
    play.act("attach", play.role(_side(play, row.party), Role.SEAL_KEEPER), lambda agreement, by:
        files.attach_for_party(agreement, db.session.get_one(AgreementParty, party), kind, stored(), "扫描件.pdf", by),
        play.agreements[-1])  # fmt: skip


def _has_scan(agreement: Agreement, row: Signatory) -> bool:
    kinds = {
        one.kind
        for one in queries.documents_of(agreement)
        if one.party_id == row.party_id and one.counts_for(row.revision)
    }
    return DocumentKind.PARTY_SCAN in kinds and (not row.is_proxy or DocumentKind.PROXY_LETTER in kinds)


def remove_file(play: Stage) -> None:
    documents = [row for row in queries.documents_of(play.current()) if row.party]
    if not documents:
        return
    document, reason = play.draw(*documents), play.draw(*REASONS)
    person, identity = play.role(_side(play, document.party), Role.SEAL_KEEPER), document.public_id
    play.act("remove file", person, lambda agreement, by: files.remove(
        agreement, next(row for row in queries.documents_of(agreement) if row.public_id == identity), reason, by),
        play.agreements[-1])  # fmt: skip


def void_signature(play: Stage) -> None:
    identity, side = _row(play, SignatoryStatus.SIGNED)
    reason, person = play.draw(*REASONS), play.role(side, Role.LEADER, Role.SIGNATORY)
    _on_row(play, "void signature", identity, person, lambda agreement, row, by: signing.void_signature(
        agreement, row, reason, by))  # fmt: skip


def decline(play: Stage) -> None:
    identity, side = _row(play, SignatoryStatus.PENDING, SignatoryStatus.SIGNED)
    reason, person = play.draw(*REASONS), play.role(side, Role.LEADER, Role.SIGNATORY)
    _on_row(play, "decline", identity, person, lambda agreement, row, by: signing.decline(
        agreement, row, reason, by))  # fmt: skip


def send_again(play: Stage) -> None:
    play.act("send again", play.bureau(Role.HANDLER, Role.LEADER), signing.send_again)


def withdraw_signing(play: Stage) -> None:
    reason = play.draw(*REASONS)
    play.act("withdraw signing", play.bureau(Role.LEADER), lambda agreement, by: signing.withdraw_signing(
        agreement, reason, by))  # fmt: skip


def complete_signing(play: Stage) -> None:
    play.act("complete signing", play.bureau(Role.SEAL_KEEPER), signing.complete_signing)


def void(play: Stage) -> None:
    reason = play.draw(*REASONS)
    play.act("void", play.bureau(Role.LEADER), lambda agreement, by: lifecycle.void(agreement, reason, by))


def suspend(play: Stage) -> None:
    reason = play.draw(*REASONS)
    play.act("suspend", play.bureau(Role.LEADER), lambda agreement, by: lifecycle.suspend(agreement, reason, by))


def resume(play: Stage) -> None:
    reason = play.draw(*REASONS)
    play.act("resume", play.bureau(Role.LEADER), lambda agreement, by: lifecycle.resume(agreement, reason, by))


def _about(play: Stage, kind: RevisionKind | None = None) -> ChangeDetails:
    day = play.days(1, 4, 12, 60, -3) if play.chance(35) else None
    leaves = kind is RevisionKind.WITHDRAWAL or play.chance(5)
    leaving = frozenset({play.draw(3, 3, 2, 4, 1)}) if leaves else frozenset[int]()
    return ChangeDetails(play.draw("情况变化", "情况变化", ""), day, leaving, "已办结")


def revise(play: Stage) -> None:
    kind = play.draw(*KINDS)
    about = _about(play, kind)
    play.act(f"revise ({kind})", play.bureau(Role.HANDLER), lambda agreement, by: revising.begin(
        agreement, kind, about, by))  # fmt: skip


def describe(play: Stage) -> None:
    revision = play.current().open_revision
    about = _about(play, revision.kind if revision else None)
    play.act("describe", play.bureau(Role.HANDLER), lambda agreement, by: revising.describe(agreement, about, by))


def merge(play: Stage) -> None:
    """Every field that both changed is settled for one side, or none is."""
    side = play.draw(*Choice, None)

    def do(agreement: Agreement, by: User) -> None:
        clashes = rebasing.merged(agreement).clashes
        rebasing.bring_forward(agreement, {clash.path: side for clash in clashes} if side else {}, by)

    play.act("merge", play.bureau(Role.HANDLER), do)


def abandon(play: Stage) -> None:
    reason = play.draw(*REASONS)
    play.act("abandon", play.bureau(Role.LEADER, Role.HANDLER), lambda agreement, by: revising.abandon(
        agreement, reason, by))  # fmt: skip


def decide_renewal(play: Stage) -> None:
    decision, reason = play.draw(*RenewalDecision), play.draw(*REASONS)
    person = play.bureau(Role.HANDLER, Role.SECTION_HEAD, Role.LEADER)
    play.act("decide renewal", person, lambda agreement, by: renewal.decide_renewal(agreement, decision, reason, by))


def renew(play: Stage) -> None:
    """The play goes on with the renewal; what it renews is come back to now and then."""
    made: list[Agreement] = []
    carried = {"C1", "C2"} if play.chance(50) else set[str]()
    person = play.bureau(Role.HANDLER)
    if play.act("renew", person, lambda agreement, by: made.append(renewal.renew(agreement, carried, by))):
        play.agreements.append(made[0].public_id)


def give_notice(play: Stage) -> None:
    received, days, choose = play.days(0, -1, -10, -60, 1), play.draw(0, 5, 30), _chooser(play)
    reason = play.draw(*REASONS)

    def do(agreement: Agreement, by: User) -> None:
        party = choose(agreement.parties_now).public_id
        ending.give_notice(agreement, NoticeDetails(party, received, days, reason), stored(), "通知.pdf", by)

    play.act("give notice", play.bureau(Role.LEADER), do)


def withdraw_notice(play: Stage) -> None:
    reason = play.draw(*REASONS)
    play.act("withdraw notice", play.bureau(Role.LEADER), lambda agreement, by: ending.withdraw_notice(
        agreement, reason, by))  # fmt: skip


def terminate(play: Stage) -> None:
    play.act("terminate", play.bureau(Role.LEADER), ending.terminate)


def complete(play: Stage) -> None:
    is_settled = play.chance(80)

    def do(agreement: Agreement, by: User) -> None:
        if is_settled:
            waive_all(agreement)
        ending.complete(agreement, by)

    play.act("complete", play.bureau(Role.LEADER), do)


def order_paper(play: Stage) -> None:
    kind = play.draw(DocumentKind.SIGNING_COPY, DocumentKind.REGISTRY_COPY)
    play.act("order paper", play.bureau(Role.HANDLER), lambda agreement, by: remake.remake(agreement, kind, by))


def next_day(play: Stage) -> None:
    """Days pass. The run of a day that was missed is made up for later, one that was done is done again."""
    days = play.draw(1, 1, 2, 5, 14, 40)
    is_missed = play.chance(30)
    for number in range(1, days + 1):
        play.clock.pass_days(1)
        if (not is_missed or number == days) and (days < 10 or number > days - 3):
            play.run_calendar(play.clock.today)
    play.done.append(f"{days} days")


def run_again(play: Stage) -> None:
    """Nothing is left to do for a day that was done."""
    play.run_calendar(play.clock.today)
    before = play.before
    play.run_calendar(play.clock.today - timedelta(days=1))
    play.run_calendar(play.clock.today)
    assert play.before == before


def work(play: Stage) -> None:
    play.clock.pass_hours(play.draw(0, 2))
    play.work()


def onward(play: Stage) -> None:
    """What would come next: most plays get somewhere."""
    agreement = play.current()
    revision = agreement.open_revision
    choices = LANE[revision.stage] if revision else REST.get(str(agreement.status), (register,))
    play.draw(*_sensible(play, agreement, revision, choices))(play)


def _sensible(
    play: Stage, agreement: Agreement, revision: AgreementRevision | None, choices: tuple[Act, ...]
) -> tuple[Act, ...]:
    """While steps wait they are taken, then signing begins; while signatures wait they are given, then it ends."""
    if revision is None:
        return choices
    if bases.has_moved(agreement, revision) and play.chance(60):
        return (merge,)
    if revision.stage is RevisionStage.DRAFT:
        if revision.kind in changes.SHORT:
            return submit, submit, describe, abandon
        return (edit,) if revision.is_follow_up and not play.chance(55) else choices
    if revision.stage is RevisionStage.NEGOTIATION:
        if any(_waiting(agreement, side) for side in play.cast.sides):
            return (clear,)
        unmet = guards.unmet_for_signing(agreement, revision, queries.approvals_of(revision))
        return (approve_from_paper,) if unmet else choices
    if revision.stage is RevisionStage.SIGNING:
        rows = queries.awaited_of(revision)
        if any(row.status is SignatoryStatus.DECLINED for row in rows):
            return (send_again,)
        if any(row.status is SignatoryStatus.SIGNED and not _has_scan(agreement, row) for row in rows):
            return (attach,)
        is_open = any(row.status is SignatoryStatus.PENDING for row in rows)
        return (record_signature,) if is_open else (complete_signing,)
    return choices


LANE: dict[RevisionStage, tuple[Act, ...]] = {
    RevisionStage.DRAFT: (submit, submit, submit, submit, edit),
    RevisionStage.REVIEW: (clear,),
    RevisionStage.NEGOTIATION: (start_signing,),
    RevisionStage.SIGNING: (),
}
REST: dict[str, tuple[Act, ...]] = {
    "signed": (next_day,),
    "in_force": (revise, revise, revise, next_day, renew),
    "suspended": (resume, revise, next_day),
}
WHIMS: tuple[Act, ...] = (
    register, edit, submit, clear, send_back, request_changes, approve_from_paper, start_signing, record_signature,
    attach, remove_file, void_signature, decline, send_again, withdraw_signing, complete_signing, void, suspend,
    resume, revise, describe, merge, abandon, decide_renewal, renew, give_notice, withdraw_notice, terminate,
    complete, order_paper, next_day, next_day, run_again, work, work,
)  # fmt: skip
