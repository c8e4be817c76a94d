"""Promises in articles of free text: marked by whoever keeps the agreement, accepted by the others. 条款标注.

They stand in no table that both signed, so they count once every other organisation that is named has accepted them.
"""

from datetime import date

from sqlalchemy import func, select

from ...accounts.models import User
from ...agreements.models import Agreement, AgreementParty, PartyRole
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.access.scope import without_scope
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...records.services import moved, require_reason, settle
from .. import policy
from ..enums import CommitmentState, Measure, Origin, Part, Recurrence
from ..inputs import NewCommitment
from ..models import Commitment, CommitmentSide
from . import acts, describing, making, spreading, standing, telling

PREFIX = "K"
NAMED = (
    "title_zh", "title_en", "target", "unit", "measure", "comparator", "recurrence", "due_on", "rule",
    "evidence_required",
)  # fmt: skip


def mark(agreement: Agreement, article: str, new: NewCommitment, actor: User) -> Commitment:
    """Propose that an article promises this; it counts once the others that it names have accepted.

    Raises Forbidden, Conflict unless the agreement is in force, Invalid by field.
    """
    _hold(agreement)
    decide(actor, Action.COMMITMENT_MARK, agreement).enforce()
    obligors = _obligors(agreement, new)
    _check(agreement, article, new)
    everybody = _bound(agreement)
    made = Commitment(
        owner=agreement.owner,
        created_by_id=actor.id,
        agreement=agreement,
        revision=agreement.effective_revision,
        origin=Origin.MARKED,
        article=article,
        code=_next_code(agreement),
        state=CommitmentState.PROPOSED,
        is_joint=len(obligors) == len(everybody),
        sort_on=today(),
        is_demo=agreement.is_demo,
        paused_on=making.on_hold(agreement),
        sides=_sides(obligors, everybody),
    )
    for name in NAMED:
        setattr(made, name, getattr(new, name))
    describing.write_description(made, new.description)
    acts.check_figure(new.target, made, "target")
    db.session.add(made)
    settle(made, actor, Action.COMMITMENT_MARK, {"title_zh": (None, made.title_zh), "target": (None, str(new.target))})
    if not policy.waiting_to_accept(made):
        _begin(made)
    telling.tell_of_mark(made, telling.PROPOSED, actor)
    return made


def _hold(agreement: Agreement) -> None:
    """One mark at a time: two would take the same code; and none of an agreement that somebody is ending."""
    with without_scope():
        db.session.execute(select(Agreement.id).where(Agreement.id == agreement.id).with_for_update())
    db.session.refresh(agreement, ["status"])


def accept(commitment: Commitment, actor: User) -> None:
    """The actor's organisation takes it for promised. Raises Forbidden, Conflict."""
    policy.may_accept(actor, commitment).enforce()
    for side in commitment.sides:
        if side.organisation_id == actor.organisation_id:
            side.accepted_by_id, side.accepted_on = actor.id, today()
    before = str(commitment.state)
    if not policy.waiting_to_accept(commitment):
        _begin(commitment)
    changes = {"accepted": (None, actor.organisation.name_zh), **moved(before, str(commitment.state))}
    settle(commitment, actor, Action.COMMITMENT_ACCEPT, changes)
    telling.tell_of_mark(commitment, telling.ACCEPTED, actor)


def decline(commitment: Commitment, reason: str, actor: User) -> None:
    """It was not promised. Raises Forbidden, Conflict, Invalid without a reason."""
    policy.may_accept(actor, commitment).enforce()
    require_reason(reason)
    before = str(commitment.state)
    commitment.decline(reason, today())
    settle(commitment, actor, Action.COMMITMENT_ACCEPT, moved(before, str(commitment.state)), reason)
    telling.tell_of_mark(commitment, telling.DECLINED, actor, reason)


def _begin(commitment: Commitment) -> None:
    """Its periods are those of the agreement from today on: nobody is late with what was not agreed upon yet."""
    commitment.begin(max(today(), commitment.agreement.effective_on or date.min))
    with without_scope():
        standing.refresh(spreading.spread(commitment, commitment.agreement))


def _obligors(agreement: Agreement, new: NewCommitment) -> set[int]:
    """Ids of the parties that promise. Raises Invalid."""
    known = {party.organisation.public_id: party for party in _bound(agreement) if party.organisation}
    found = {known[one].organisation_id for one in new.obligors if one in known}
    if len(known) < 2:
        raise Invalid({"obligors": [msg("Say first which organisations the parties are")]})
    if not found or len(found) != len(set(new.obligors)):
        raise Invalid({"obligors": [msg("Choose parties of the agreement")]})
    return {one for one in found if one}


def _bound(agreement: Agreement) -> list[AgreementParty]:
    """The parties whose organisations are known; a witness promises nothing."""
    return [one for one in agreement.parties if one.organisation_id and one.role is not PartyRole.WITNESS]


def _check(agreement: Agreement, article: str, new: NewCommitment) -> None:
    problems: dict[str, list[Message]] = {}
    revision = agreement.effective_revision
    articles = {str(one["key"]) for one in (revision.content.get("articles", ()) if revision else ())}
    if articles and article not in articles:
        problems["article"] = [msg("Choose an article of the text in force")]
    if not new.title_zh.strip():
        problems["title_zh"] = [msg("Say what is promised")]
    if new.recurrence is Recurrence.ONCE and (new.due_on is None or new.due_on < today()):
        problems["due_on"] = [msg("Give the day by which it is due")]
    if new.target == 0 and new.measure is not Measure.PERCENT:
        problems["target"] = [msg("A target of nothing promises nothing")]
    if problems:
        raise Invalid(problems)


def _sides(obligors: set[int], everybody: list[AgreementParty]) -> list[CommitmentSide]:
    is_joint = len(obligors) == len(everybody)
    rows = [(one, Part.OBLIGOR) for one in everybody if one.organisation_id in obligors]
    rows += [(one, Part.BENEFICIARY) for one in everybody if is_joint or one.organisation_id not in obligors]
    return [
        CommitmentSide(
            position=number, organisation_id=one.organisation_id, part=part, is_lead=one.role is PartyRole.LEAD
        )
        for number, (one, part) in enumerate(rows, start=1)
    ]


def _next_code(agreement: Agreement) -> str:
    of_agreement = (Commitment.agreement_id == agreement.id, Commitment.origin == Origin.MARKED)
    with without_scope():
        number = db.session.scalar(select(func.count(Commitment.id)).where(*of_agreement)) or 0
    return f"{PREFIX}{number + 1}"
