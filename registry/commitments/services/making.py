"""How promises of a signed text become commitments, and follow its changes. 承诺生成与变更.

A changed target holds for the open periods that end on or after the day on which the change takes effect, and for
those to come; what was settled keeps its own. A row that another party answers for, that counts in another unit or
falls due otherwise is another promise, and so is one that was done or not and has a figure now: the old one ends, the
new one begins. A row that is gone ends. Open periods that the agreement no longer asks for are cancelled; everything
stays in the history.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ...agreements.models import Agreement, AgreementRevision, AgreementStatus, PartyRole
from ...audit.services import record
from ...core.dates import today
from ...core.db import db
from ...records.services import share_all
from ..enums import CommitmentState, EventKind, Origin, Part
from ..models import Commitment, CommitmentPeriod, CommitmentSide
from ..promises import Promise, promises_of
from . import acts, spreading, standing

AMENDED = "变更协议不再要求"

WORDS = ("title_zh", "title_en", "rule", "rule_en", "period_words", "article", "due_on")


def sync(agreement: Agreement, on: date, *, is_late: bool = False) -> None:
    """Bring the commitments in step with the terms that hold from a day on; once more changes nothing.

    `is_late`: the agreement ran before anybody kept its commitments, so that they begin on the day.
    """
    revision = agreement.effective_revision
    promised = promises_of(revision.content) if revision else {}
    running = running_of(agreement)
    if not promised and not running:
        return
    by_code = {one.code: one for one in running if one.origin is not Origin.MARKED}
    touched: list[CommitmentPeriod] = []
    for one in running:
        promise = promised.get(one.code)
        if one.origin is Origin.MARKED:
            if _has_lost_its_article(one, revision):
                touched += end(one, AMENDED, on)
        elif promise is None or _is_another(one, promise, agreement):
            touched += end(one, AMENDED, on)
            by_code.pop(one.code)
        else:
            touched += _follow(one, promise, revision, agreement, on)
    db.session.flush()
    is_first = not _has_any(agreement)
    made = [
        _make(promise, agreement, revision, on if is_late or not is_first else None)
        for code, promise in promised.items()
        if code not in by_code and revision and _has_both_sides(promise, agreement)
    ]
    db.session.add_all(made)
    db.session.flush()
    living = [one for one in running if one.state is CommitmentState.ACTIVE] + made
    for one in living:
        touched += spreading.spread(one, agreement)
    _finish(agreement, [*running, *made], made, touched)


def _finish(
    agreement: Agreement, everything: list[Commitment], made: list[Commitment], touched: list[CommitmentPeriod]
) -> None:
    db.session.flush()
    share_all(everything)
    standing.refresh(list(dict.fromkeys(touched)))
    if made:
        told = {one.code: (None, f"{one.title_zh} {one.target}{one.unit}") for one in made}
        record(None, acts.ADDED, agreement, told)


def running_of(agreement: Agreement) -> list[Commitment]:
    """Those that run, or were marked and wait to be accepted."""
    states = (CommitmentState.PROPOSED, CommitmentState.ACTIVE)
    statement = select(Commitment).where(Commitment.agreement_id == agreement.id, Commitment.state.in_(states))
    return list(db.session.scalars(statement.options(selectinload(Commitment.sides)).order_by(Commitment.id)))


def periods_of(commitment: Commitment) -> list[CommitmentPeriod]:
    """Its periods in order, however they ended."""
    statement = select(CommitmentPeriod).where(CommitmentPeriod.commitment_id == commitment.id)
    return list(
        db.session.scalars(statement.options(selectinload(CommitmentPeriod.voices)).order_by(CommitmentPeriod.no))
    )


def end(commitment: Commitment, reason: str, on: date) -> list[CommitmentPeriod]:
    """End it; what falls due on that day or later is cancelled, what was due before is still settled.

    The periods that were open are given back.
    """
    before = str(commitment.state)
    commitment.end(reason, on)
    was_open = [one for one in periods_of(commitment) if one.is_open]
    for period in was_open:
        if period.due_on >= on:
            spreading.cancel(period, reason, on)
    record(None, acts.ENDED, commitment, {"state": (before, str(commitment.state))}, reason=reason)
    return was_open


def on_hold(agreement: Agreement) -> date | None:
    """Since when its promises rest, for one that is added meanwhile."""
    return today() if agreement.status is AgreementStatus.SUSPENDED else None


def sides_of(promise: Promise, agreement: Agreement) -> list[CommitmentSide]:
    """Who takes part, as far as the organisations are known."""
    known = {party.position: party for party in agreement.parties if party.organisation_id}
    found = [(known[position], part) for position, part in promise.cast.parts() if position in known]
    return [
        CommitmentSide(
            position=number,
            organisation_id=party.organisation_id,
            part=part,
            is_lead=party.role is PartyRole.LEAD,
        )
        for number, (party, part) in enumerate(found, start=1)
    ]


def _has_both_sides(promise: Promise, agreement: Agreement) -> bool:
    parts = {side.part for side in sides_of(promise, agreement)}
    return len(parts & set(standing.SIDES)) == len(standing.SIDES)


def _has_any(agreement: Agreement) -> bool:
    found = select(Commitment.id).where(Commitment.agreement_id == agreement.id, Commitment.origin != Origin.MARKED)
    return db.session.scalar(found.limit(1)) is not None


def _make(promise: Promise, agreement: Agreement, revision: AgreementRevision | None, since: date | None) -> Commitment:
    known = promise.known
    made = Commitment(
        owner_id=agreement.owner_id,
        agreement=agreement,
        revision=revision,
        origin=promise.origin,
        code=promise.code,
        state=CommitmentState.ACTIVE,
        category=known.category,
        measure=known.measure,
        comparator=known.comparator,
        curve=known.curve,
        evidence_kinds=list(known.kinds),
        target=promise.target,
        unit=promise.unit,
        recurrence=promise.recurrence,
        evidence_required=promise.evidence,
        evidence_required_en=promise.evidence_en,
        is_joint=promise.cast.is_joint,
        starts_on=since,
        paused_on=on_hold(agreement),
        sort_on=since or agreement.effective_on or agreement.sort_on,
        is_demo=agreement.is_demo,
        sides=sides_of(promise, agreement),
    )
    for name in WORDS:
        setattr(made, name, getattr(promise, name))
    return made


def _is_another(commitment: Commitment, promise: Promise, agreement: Agreement) -> bool:
    """Whether the row of this code is no longer the same promise."""
    if (commitment.unit, commitment.recurrence) != (promise.unit, promise.recurrence):
        return True
    if commitment.measure is not promise.known.measure:  # done or not has become a number, or the other way round
        return True
    if commitment.is_joint != promise.cast.is_joint:
        return True
    if commitment.is_joint:  # whoever joins or leaves, all promise all
        return not _has_both_sides(promise, agreement)
    return _obligors(commitment.sides) != _obligors(sides_of(promise, agreement))


def _obligors(sides: list[CommitmentSide]) -> set[int]:
    return {side.organisation_id for side in sides if side.part is Part.OBLIGOR}


def _follow(
    commitment: Commitment, promise: Promise, revision: AgreementRevision | None, agreement: Agreement, on: date
) -> list[CommitmentPeriod]:
    """The same promise in other words, for another target, or among others."""
    changes: dict[str, tuple[object, object]] = {}
    for name in WORDS:
        before, after = getattr(commitment, name), getattr(promise, name)
        if before != after:
            changes[name] = (before, after)
            setattr(commitment, name, after)
    if commitment.evidence_required != promise.evidence:
        changes["evidence_required"] = (commitment.evidence_required, promise.evidence)
        commitment.evidence_required, commitment.evidence_required_en = promise.evidence, promise.evidence_en
    commitment.revision = revision
    touched = _seat(commitment, promise, agreement)
    if commitment.target != promise.target:
        changes["target"] = (str(commitment.target), str(promise.target))
        commitment.target = promise.target
        touched += _retarget(commitment, on)
    if changes:
        record(None, acts.CHANGED, commitment, changes)
    return touched


def _seat(commitment: Commitment, promise: Promise, agreement: Agreement) -> list[CommitmentPeriod]:
    """Others take part in it; the ledger of every period follows."""
    wanted = sides_of(promise, agreement)
    seats = [(side.organisation_id, side.part, side.is_lead) for side in wanted]
    if seats == [(side.organisation_id, side.part, side.is_lead) for side in commitment.sides]:
        return []
    commitment.sides.clear()
    db.session.flush()  # positions are free again
    commitment.sides.extend(wanted)
    return periods_of(commitment)


def _retarget(commitment: Commitment, on: date) -> list[CommitmentPeriod]:
    changed = [
        one for one in periods_of(commitment) if one.is_open and one.due_on >= on and one.target != commitment.target
    ]
    for period in changed:
        period.retarget(commitment.target)
        acts.note(period, EventKind.RETARGETED, None)
    return changed


def _has_lost_its_article(commitment: Commitment, revision: AgreementRevision | None) -> bool:
    """Whether an article that was marked is gone; a historic record has none."""
    articles = revision.content.get("articles", ()) if revision else ()
    return bool(articles) and commitment.article not in {str(one["key"]) for one in articles}
