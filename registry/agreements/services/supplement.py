"""Details of a historic record found out after its confirmation: only what is missing, with a source, by two people."""

from datetime import date
from typing import Any

from sqlalchemy import select

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import Actor, Decision, decide, no
from ...core.dates import Precision, now, prose_date, today
from ...core.db import db
from ...core.errors import Conflict, Invalid, NotFound
from ...core.i18n import Message, msg
from ...organisations.models import Organisation, OrganisationStatus
from .. import content, terms
from ..inputs_events import FoundDetails
from ..models import Agreement, AgreementParty, AgreementStatus, Supplement, SupplementState
from . import effect, numbering, projection

KNOWN = msg("This is known already; a found value never replaces a known one")
DAYS = ("signed_on", "effective_on", "expires_on")
ORGANISATION = "organisation-"
DAY = Precision.DAY
NAMES = {
    "signed_on": msg("Date of signing"),
    "effective_on": msg("Effective date"),
    "expires_on": msg("Last day in force"),
    "term_months": msg("Term in months"),
    "open_ended": msg("Open-ended"),
    "signing_place": msg("Place of signing"),
    "number": msg("Agreement number"),
}


def gaps(agreement: Agreement) -> frozenset[str]:
    """Fields that may be filled: those that nobody knows. A party has "organisation-" with its public id."""
    knows_term = bool(agreement.term_months or agreement.expires_on or agreement.open_ended)
    known = {
        "signed_on": agreement.signed_on,
        "effective_on": agreement.effective_on,
        "term": knows_term,
        "number": agreement.number,
        "signing_place": agreement.signing_place,
    }
    parties = {f"{ORGANISATION}{party.public_id}" for party in agreement.parties if party.organisation_id is None}
    return frozenset(parties | {name for name, value in known.items() if not value})


def pending_of(agreement: Agreement) -> Supplement | None:
    """What waits for a second person."""
    statement = select(Supplement).where(
        Supplement.agreement_id == agreement.id, Supplement.state == SupplementState.PENDING
    )
    return db.session.scalar(statement)


def may_propose(actor: Actor, agreement: Agreement) -> Decision:
    """The owner's handler, for a confirmed historic record that lacks something."""
    if not agreement.is_historic:
        return no(msg("Only historic records are supplemented"))
    if not gaps(agreement):
        return Decision(False, msg("No detail is missing"), wrong_state=True)
    return decide(actor, Action.AGREEMENT_SUPPLEMENT, agreement)


def may_decide(actor: Actor, agreement: Agreement, supplement: Supplement) -> Decision:
    """The owner's section head, and never the person who found the details."""
    if supplement.proposed_by_id == actor.id:
        return no(msg("Found details are confirmed by another person than the one who entered them"))
    return decide(actor, Action.AGREEMENT_CONFIRM_SUPPLEMENT, agreement)


def propose(agreement: Agreement, given: FoundDetails, actor: User) -> Supplement:
    """Write down found details; they count for nothing yet.

    Raises Forbidden, Conflict while others wait, Invalid by field.
    """
    may_propose(actor, agreement).enforce()
    if pending_of(agreement):
        raise Conflict(msg("Found details of this record already wait to be confirmed"))
    found = _plain(given)
    _check(agreement, found)
    if not found:
        raise Invalid({"": [msg("Fill in at least one missing detail")]})
    supplement = Supplement(agreement=agreement, found=found, source=given.source, proposed_by=actor, proposed_at=now())
    db.session.add(supplement)
    changes = {name: (None, value) for name, value in found.items()}
    projection.settle(agreement, actor, Action.AGREEMENT_SUPPLEMENT, changes, reason=given.source)
    return supplement


def confirm(agreement: Agreement, supplement: Supplement, actor: User) -> None:
    """Let found details count, as far as they are still missing.

    Raises Forbidden, Conflict, Invalid where one has become known since.
    """
    _check_own(agreement, supplement)
    may_decide(actor, agreement, supplement).enforce()
    _check(agreement, supplement.found)
    supplement.decide(SupplementState.CONFIRMED, actor.id, now())
    _apply(agreement, supplement.found)
    changes = {name: (None, value) for name, value in supplement.found.items()}
    projection.settle(agreement, actor, Action.AGREEMENT_CONFIRM_SUPPLEMENT, changes, reason=supplement.source)
    if agreement.status is not AgreementStatus.SIGNED:
        effect.tell_terms(agreement, agreement.effective_on or today())


def refuse(agreement: Agreement, supplement: Supplement, reason: str, actor: User) -> None:
    """Set found details aside with a reason.

    Raises Forbidden, Conflict, Invalid without a reason.
    """
    _check_own(agreement, supplement)
    may_decide(actor, agreement, supplement).enforce()
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    supplement.decide(SupplementState.REFUSED, actor.id, now(), reason)
    projection.settle(agreement, actor, Action.AGREEMENT_CONFIRM_SUPPLEMENT, {}, reason=reason)


def in_words(agreement: Agreement, supplement: Supplement) -> list[tuple[Message, str]]:
    """The found details as the page shows them, organisations by their names."""
    found = supplement.found
    known = _organisations(value for name, value in found.items() if name.startswith(ORGANISATION))
    told = [
        (msg("Party %(position)s: which organisation is it?", position=party.position), row.name_zh)
        for party in agreement.parties
        if (row := known.get(found.get(f"{ORGANISATION}{party.public_id}", "")))
    ]
    precision = Precision(found.get("signed_precision", Precision.DAY))
    for name, words in NAMES.items():
        if name in DAYS and name in found:
            told.append((words, prose_date(date.fromisoformat(found[name]), precision if name == "signed_on" else DAY)))
        elif name in found:
            told.append((words, str(found[name]) if name != "open_ended" else "✓"))
    return told


def _check_own(agreement: Agreement, supplement: Supplement) -> None:
    if supplement.agreement_id != agreement.id:
        raise NotFound


def _plain(given: FoundDetails) -> dict[str, Any]:
    """The filled fields as they are kept."""
    found: dict[str, Any] = {
        f"{ORGANISATION}{party}": organisation for party, organisation in given.organisations.items() if organisation
    }
    if given.signed_on:
        found |= {"signed_on": given.signed_on.isoformat(), "signed_precision": str(given.signed_precision)}
    if given.effective_on:
        found["effective_on"] = given.effective_on.isoformat()
    if given.term.open_ended:
        found["open_ended"] = True
    if given.term.months:
        found["term_months"] = given.term.months
    if given.term.expires_on:
        found["expires_on"] = given.term.expires_on.isoformat()
    return found | {name: text for name in ("number", "signing_place") if (text := getattr(given, name))}


def _gap_of(name: str) -> str:
    if name in ("open_ended", "term_months", "expires_on"):
        return "term"
    return "signed_on" if name == "signed_precision" else name


def _check(agreement: Agreement, found: dict[str, Any]) -> None:
    open_fields = gaps(agreement)
    problems = {_gap_of(name): [KNOWN] for name in found if _gap_of(name) not in open_fields}
    problems |= _date_problems(agreement, found) | _party_problems(agreement, found)
    if problems:
        raise Invalid(problems)


def _date_problems(agreement: Agreement, found: dict[str, Any]) -> dict[str, list[Message]]:
    signed, effective, expires = (_day(found.get(name)) or getattr(agreement, name) for name in DAYS)
    problems: dict[str, list[Message]] = {}
    if signed and signed > today():
        problems["signed_on"] = [msg("A signing date cannot lie in the future")]
    if signed and effective and effective < signed:
        problems["effective_on"] = [msg("An agreement cannot take effect before it is signed")]
    if expires and effective and expires < effective:
        problems["term"] = [msg("The last day lies before the first")]
    return problems


def _party_problems(agreement: Agreement, found: dict[str, Any]) -> dict[str, list[Message]]:
    named = {name: value for name, value in found.items() if name.startswith(ORGANISATION)}
    known = _organisations(named.values())
    taken = [party.organisation_id for party in agreement.parties if party.organisation_id]
    problems: dict[str, list[Message]] = {}
    for name, public_id in named.items():
        row = known.get(public_id)
        if row is None or row.status is not OrganisationStatus.ACTIVE:
            problems[name] = [msg("This organisation is not known")]
        elif row.id in taken:
            problems[name] = [msg("This organisation is already a party")]
        else:
            taken.append(row.id)
    return problems


def _organisations(public_ids: Any) -> dict[str, Organisation]:
    rows = db.session.scalars(select(Organisation).where(Organisation.public_id.in_(list(public_ids))))
    return {row.public_id: row for row in rows}


def _apply(agreement: Agreement, found: dict[str, Any]) -> None:
    for name, value in found.items():
        if name in DAYS:
            setattr(agreement, name, date.fromisoformat(value))
        elif name in ("open_ended", "term_months", "signing_place"):
            setattr(agreement, name, value)
        elif name == "number":
            numbering.take_over(agreement, value)
        elif name == "signed_precision":
            agreement.signed_precision = Precision(value)
    if agreement.expires_on is None and agreement.effective_on and agreement.term_months:
        agreement.expires_on = terms.expires_on(agreement.effective_on, agreement.term_months)
    known = _organisations(value for name, value in found.items() if name.startswith(ORGANISATION))
    for party in agreement.parties:
        _identify(party, known.get(found.get(f"{ORGANISATION}{party.public_id}", "")))
    base = agreement.effective_revision
    if base and not base.content_sha256:  # what the record says was taken as the base of a change before
        base.content = content.of_record(agreement)


def _identify(party: AgreementParty, organisation: Organisation | None) -> None:
    """The name as reported stays beside the organisation that it turned out to be."""
    if organisation:
        party.organisation = organisation
        party.organisation_id = organisation.id


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
