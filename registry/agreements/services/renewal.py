"""The end comes near: the owner decides, and a renewal is a record of its own, linked both ways. 续签."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Conflict, Invalid
from ...core.i18n import msg
from .. import content
from ..models import Agreement, AgreementParty, AgreementRevision, AgreementStatus, RenewalDecision, RevisionKind
from ..participants import CHANGE
from ..terms import ASKED_DAYS
from ..texts.rendering import template_of
from ..texts.sides import sides
from . import bases, effect, projection
from .revisions import append, reopened

BEGUN = msg("A renewal was begun already")
ENDED = (AgreementStatus.VOID, AgreementStatus.CLOSED)


def is_asked(agreement: Agreement, day: date) -> bool:
    """Whether the owner is to say what becomes of it: in force, its end near, nobody decided, no renewal begun."""
    if agreement.status is not AgreementStatus.IN_FORCE or agreement.open_ended or agreement.expires_on is None:
        return False
    open_question = agreement.renewal_decision in (None, RenewalDecision.UNDECIDED)
    return open_question and (agreement.expires_on - day).days <= ASKED_DAYS and renewal_of(agreement) is None


def renewal_of(agreement: Agreement) -> Agreement | None:
    """The agreement that renews it, unless that came to nothing."""
    return next((row for row in reversed(agreement.renewals) if row.status is not AgreementStatus.VOID), None)


def decide_renewal(agreement: Agreement, decision: RenewalDecision, reason: str, actor: User) -> None:
    """Note what the owner decided; it can be changed until a renewal is begun. Letting it expire needs a reason.

    Raises Forbidden, Conflict once a renewal was begun, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_DECIDE_RENEWAL, agreement).enforce()
    if renewal_of(agreement) is not None:
        raise Conflict(BEGUN)
    if decision is RenewalDecision.LET_EXPIRE and not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    before, agreement.renewal_decision = agreement.renewal_decision, decision
    agreement.renewal_reason = reason
    agreement.renewal_decided_by_id, agreement.renewal_decided_on = actor.id, today()
    changes = {"renewal_decision": (before, str(decision))}
    projection.settle(agreement, actor, Action.AGREEMENT_DECIDE_RENEWAL, changes, reason=reason)


def ask_again(renewal: Agreement, reason: str, actor: User) -> None:
    """A renewal came to nothing: what becomes of the agreement that it was to renew is open once more."""
    agreement = renewal.renews
    if agreement is None or agreement.status in ENDED or agreement.renewal_decision is not RenewalDecision.RENEW:
        return
    before, agreement.renewal_decision = agreement.renewal_decision, RenewalDecision.UNDECIDED
    agreement.renewal_decided_by_id, agreement.renewal_decided_on = actor.id, today()
    changes = {"renewal_decision": (str(before), str(agreement.renewal_decision))}
    projection.settle(agreement, actor, Action.AGREEMENT_DECIDE_RENEWAL, changes, reason=reason)


def renew(agreement: Agreement, carried: Collection[str], actor: User) -> Agreement:
    """Begin the renewal: a draft prefilled from the effective terms, with the commitments that were chosen by code.

    It keeps the kind of what it renews, so that the same guards and statistics hold. Raises Forbidden, Conflict when
    one was begun already or the record has no text to take over.
    """
    decide(actor, Action.AGREEMENT_RENEW, agreement).enforce()
    if renewal_of(agreement) is not None:
        raise Conflict(BEGUN)
    base = agreement.effective_revision
    given = reopened(base.content) if base else content.of_record(agreement)
    made = Agreement(
        owner=agreement.owner,
        handler=actor,
        renews=agreement,
        kind=agreement.kind,
        title_zh=agreement.title_zh,
        sort_on=today(),
        is_demo=agreement.is_demo,
    )
    db.session.add(made)
    made.all_parties = [_copy(party, position) for position, party in enumerate(agreement.parties, start=1)]
    revision = append(made, _prefilled(agreement, base, given, carried), kind=RevisionKind.RENEWAL)
    effect.project(made, revision)
    agreement.renewal_decision = RenewalDecision.RENEW
    agreement.renewal_decided_by_id, agreement.renewal_decided_on = actor.id, today()
    projection.settle(made, actor, Action.AGREEMENT_REGISTER, {"renews": (None, agreement.number)})
    projection.settle(agreement, actor, Action.AGREEMENT_RENEW, {"renewal": (None, made.public_id)})
    return made


def _copy(party: AgreementParty, position: int) -> AgreementParty:
    return AgreementParty(
        position=position,
        role=party.role,
        organisation=party.organisation,
        name_as_reported=party.name_as_reported,
        department=party.department,
        snapshot_representative=party.snapshot_representative,
    )


def _prefilled(
    agreement: Agreement, base: AgreementRevision | None, given: dict[str, Any], carried: Collection[str]
) -> dict[str, Any]:
    """The effective terms for another term, from the day after the old one's last; its last day is left open.

    Its parties are lettered anew, so that whoever left leaves no gap in a new paper.
    """
    parties = [line | {"position": position} for position, line in enumerate(given["parties"], start=1)]
    kept = _owed_by(parties, given, [row for row in given["commitments"] if row["code"] in carried])
    dropped = {row["code"] for row in given["commitments"]} - {row["code"] for row in kept}
    follows = agreement.expires_on + timedelta(days=1) if agreement.expires_on else None
    planned = follows.isoformat() if follows else None
    found = {name: value for name, value in given.items() if name not in ("number", CHANGE)}
    models = {task.code for task in template.tasks} if (template := template_of(given)) else set()
    without = sorted({*given.get(content.WITHOUT, ()), *(dropped & models)})
    return (
        found
        | ({content.WITHOUT: without} if without else {})
        | {
            "variables": _without(given, dropped),
            "parties": parties,
            "commitments": kept,
            "term": given["term"] | {"expires_on": None, "planned_effective_on": planned},
            content.RENEWS: {"registry_id": agreement.public_id, "number": agreement.number}
            | (bases.named(base) if base else {}),
        }
    )


def _owed_by(parties: list[Any], given: dict[str, Any], rows: list[Any]) -> list[Any]:
    """The commitments with the letters that these parties have now."""
    template = template_of(given)
    last_is_b = bool(template and template.last_party_is_b)
    before, now = (sides(lines, last_is_b=last_is_b) for lines in (given["parties"], parties))
    codes = {one.code: other.code for one, other in zip(before, now, strict=True)}
    return [row | {name: codes.get(row[name], row[name]) for name in ("obligor", "support")} for row in rows]


def _without(given: dict[str, Any], dropped: Collection[str]) -> dict[str, Any]:
    """The variables without the figures of commitments that are not carried over."""
    template = template_of(given)
    targets = {task.target for task in template.tasks if task.code in dropped} if template else set()
    return {name: value for name, value in given["variables"].items() if name not in targets}
