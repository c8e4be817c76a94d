"""Terms coming into force: the one place where a signed revision becomes what the agreement says. 生效.

The agreement's own columns are the projection of its effective revision: title, term, funding, place, parties. Each
revision's content is whole, so the fold of the effective revisions is the last one's content.
"""

from datetime import date, timedelta

from ...core.dates import Precision, prose_date, today
from ...core.db import db
from ...core.errors import Unmet
from ...core.i18n import msg
from ...records.happenings import Happening, Told, tell
from .. import changes, content, terms
from ..facts import party_facts
from ..models import (
    Agreement,
    AgreementKind,
    AgreementParty,
    AgreementRevision,
    AgreementStatus,
    ClosureOutcome,
    PartyRole,
    RevisionKind,
    RevisionStage,
)
from ..participants import CHANGE, parties_of
from ..texts.derive import PartyFacts
from . import endings


def project(agreement: Agreement, revision: AgreementRevision) -> None:
    """Write the revision's terms into the agreement's columns; the parties are seen to by `bind`.

    The last day in force follows from the day on which the agreement took effect, however often the term was changed.
    Raises Unmet for a last day before the first.
    """
    given = revision.content
    term = content.term_of(given)
    agreement.kind = AgreementKind(given["kind"])
    agreement.title_zh, agreement.title_en = given["title_zh"], given["title_en"]
    agreement.has_funding, agreement.signing_place = given["has_funding"], given["signing_place"]
    agreement.term_months, agreement.open_ended = term.months, term.open_ended
    if not revision.is_follow_up:
        agreement.planned_effective_on = term.planned_effective_on
    first = agreement.effective_on
    agreement.expires_on = terms.last_day(first, term.months, term.expires_on, open_ended=term.open_ended)
    if first and agreement.expires_on and agreement.expires_on < first:
        raise Unmet([msg("The last day lies before the day of taking effect")])


def conclude(agreement: Agreement, revision: AgreementRevision, signed: list[date], sealed: list[date]) -> None:
    """Everybody signed: the terms take effect, or wait for their day.

    Effective on the latest of signing, sealing and planned day. Raises Unmet for a last day before the first, and for
    a change that would come after the end.
    """
    revision.signed_on = max(signed)
    if revision.is_follow_up:
        day = max(terms.effective_on(signed, sealed, changes.effective_from(revision.content)), _base_day(revision))
        revision.effective_on = day
        _check_days(agreement, revision, day)
        if day > today():
            agreement.advance(RevisionStage.SIGNED)
        else:
            put_in_force(agreement, revision, day)
        return
    agreement.signed_on, agreement.signed_precision = revision.signed_on, Precision.DAY
    agreement.effective_on = terms.effective_on(signed, sealed, agreement.planned_effective_on)
    project(agreement, revision)
    revision.take_effect(agreement.effective_on)
    later = agreement.effective_on > today()
    agreement.move(AgreementStatus.SIGNED if later else AgreementStatus.IN_FORCE)
    tell(Happening.AGREEMENT_CONCLUDED, Told(agreement, revision.signed_on, "agreement", agreement.public_id))
    if not later:
        begin(agreement)


def begin(agreement: Agreement) -> None:
    """It is in force from now on: what it renews is over, and what it promises counts."""
    endings.supersede_renewed(agreement)
    tell_terms(agreement, agreement.effective_on or today())


def tell_terms(agreement: Agreement, on: date) -> None:
    """Let whoever goes by its terms know that these hold from a day on."""
    tell(Happening.AGREEMENT_TERMS_IN_FORCE, Told(agreement, on, "agreement", agreement.public_id))


def _check_days(agreement: Agreement, revision: AgreementRevision, day: date) -> None:
    """Told to whoever completes the signing: when its day comes, nobody is there to be told.

    Raises Unmet for a change that would take effect after the end, or that ends before it takes effect.
    """
    if revision.kind is RevisionKind.TERMINATION:
        return
    if agreement.expires_on and agreement.expires_on + timedelta(days=1) < day:  # the day after continues it
        raise Unmet([msg("The agreement ends on %(day)s, before the change would take effect",
                         day=prose_date(agreement.expires_on))])  # fmt: skip
    term = content.term_of(revision.content)
    last = terms.last_day(agreement.effective_on, term.months, term.expires_on, open_ended=term.open_ended)
    if last and last < day:
        raise Unmet([msg("The last day lies before the day of taking effect")])


def _base_day(revision: AgreementRevision) -> date:
    """Nothing is changed before it holds itself."""
    return (revision.base.effective_on if revision.base else None) or date.min


def put_in_force(agreement: Agreement, revision: AgreementRevision, day: date) -> None:
    """A signed change takes effect: its base is superseded, the agreement reads as it says, or ends."""
    base = agreement.effective_revision
    if base:
        base.supersede(day)
        db.session.flush()  # only one may be effective
    revision.take_effect(day)
    if revision.kind is RevisionKind.TERMINATION:
        endings.close(agreement, ClosureOutcome.TERMINATED, day, revision.content[CHANGE]["reason"])
        return
    end = agreement.expires_on, agreement.open_ended
    project(agreement, revision)
    if end != (agreement.expires_on, agreement.open_ended) and not agreement.renewals:
        agreement.renewal_decision = None  # it was about another end
    bind(agreement, revision, day)
    tell_terms(agreement, day)


def freeze(party: AgreementParty, approved: PartyFacts) -> None:
    """Keep what the approved text says of the party; the organisation may change its name later."""
    party.snapshot_name, party.snapshot_name_en = approved.name, approved.name_en
    party.snapshot_code = approved.uscc or approved.moe_code
    party.snapshot_address = approved.address


def bind(agreement: Agreement, revision: AgreementRevision, day: date) -> None:
    """Bring who is bound in step with the text: whoever it names has joined, others have left."""
    lines = {line["position"]: line for line in revision.content["parties"]}
    named, said = parties_of(agreement, revision), party_facts(agreement, revision)
    for party in named:
        line = lines[party.position]
        party.role, party.department = PartyRole(line["role"]), line["department"]
        if party.position in said:
            freeze(party, said[party.position])
        if not party.is_bound:
            party.is_bound, party.joined_on, party.left_on = True, day, None
    for party in agreement.parties:
        if party not in named:
            party.is_bound, party.left_on = False, day
