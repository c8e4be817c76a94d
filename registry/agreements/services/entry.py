"""Entering agreements: drafts from a model text, and historic records from a source."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ...organisations.models import Organisation
from .. import content, policy, terms
from ..content import RENEWS, WITHOUT
from ..inputs import Draft, HistoricRecord
from ..models import (
    Agreement,
    AgreementRevision,
    AgreementStatus,
    ClosureOutcome,
)
from . import archive_due, effect, numbering, parties, periods, projection, revising
from .revisions import open_revision


def register(draft: Draft, actor: User, *, is_demo: bool = False) -> Agreement:
    """Enter a draft for the actor's organisation.

    Raises Forbidden, or Invalid with messages by field.
    """
    policy.may_register(actor).enforce()
    organisations = parties.known_organisations(draft.parties)
    agreement = Agreement(owner=actor.organisation, handler=actor, sort_on=today(), is_demo=is_demo)
    db.session.add(agreement)
    _write(agreement, draft, organisations)
    agreement.revisions.append(AgreementRevision(no=1, content=_compose(draft, organisations)))
    projection.settle(agreement, actor, Action.AGREEMENT_REGISTER, {"title": (None, draft.title_zh)})
    return agreement


def edit(agreement: Agreement, draft: Draft, actor: User) -> None:
    """Change a draft; the open revision takes the new content.

    Raises Forbidden, Conflict outside draft, or Invalid with messages by field.
    """
    decide(actor, Action.AGREEMENT_EDIT, agreement).enforce()
    organisations = parties.known_organisations(draft.parties)
    revision = open_revision(agreement)
    before = revision.content
    after = _compose(draft, organisations, before.get(WITHOUT, ()))
    if revision.is_follow_up:
        after = revising.redraft(agreement, revision, after, draft, organisations)
    else:
        _write(agreement, draft, organisations)
        after |= {name: before[name] for name in (RENEWS,) if name in before}
    revision.content, agreement.edited_by_id = after, actor.id
    projection.settle(agreement, actor, Action.AGREEMENT_EDIT, _differences(before, after))


def record(historic: HistoricRecord, actor: User, *, is_demo: bool = False) -> Agreement:
    """Enter an agreement that is already signed (补录); a second person confirms it.

    Raises Forbidden, or Invalid with messages by field.
    """
    decide(actor, Action.AGREEMENT_RECORD).enforce()
    organisations = parties.known_organisations(historic.parties)
    agreement = Agreement(
        owner=actor.organisation,
        handler=actor,
        status=AgreementStatus.RECORDED_PENDING,
        is_historic=True,
        is_demo=is_demo,
        sort_on=today(),
    )
    db.session.add(agreement)
    _write_historic(agreement, historic, organisations)
    projection.settle(agreement, actor, Action.AGREEMENT_RECORD, {"title": (None, historic.title_zh)})
    return agreement


def correct(agreement: Agreement, historic: HistoricRecord, actor: User) -> None:
    """Change a historic entry that nobody has confirmed yet."""
    decide(actor, Action.AGREEMENT_EDIT, agreement).enforce()
    before = _facts(agreement)
    _write_historic(agreement, historic, parties.known_organisations(historic.parties))
    agreement.edited_by_id = actor.id
    projection.settle(agreement, actor, Action.AGREEMENT_EDIT, _differences(before, _facts(agreement)))


def confirm(agreement: Agreement, actor: User) -> None:
    """Confirm a historic entry: in force, or expired if its last day has passed.

    Raises Forbidden for the person who entered it, Conflict outside 补录待确认.
    """
    policy.may_confirm(actor, agreement).enforce()
    if agreement.expires_on is not None and terms.has_expired(agreement.expires_on, today()):
        agreement.close(ClosureOutcome.EXPIRED, agreement.expires_on + timedelta(days=1))
        periods.note_past(agreement)
    else:
        agreement.move(AgreementStatus.IN_FORCE)
        effect.tell_terms(agreement, agreement.effective_on or today())
    agreement.confirmed_by_id = actor.id
    agreement.shared = True
    archive_due.expect_historic(agreement)
    changes = {"status": (str(AgreementStatus.RECORDED_PENDING), str(agreement.status))}
    projection.settle(agreement, actor, Action.AGREEMENT_CONFIRM, changes)


def _compose(draft: Draft, organisations: dict[str, Organisation], without: Sequence[str] = ()) -> dict[str, Any]:
    return content.compose(draft, {key: row.name_zh for key, row in organisations.items()}, without)


def _write(agreement: Agreement, draft: Draft, organisations: dict[str, Organisation]) -> None:
    agreement.kind, agreement.title_zh, agreement.title_en = draft.kind, draft.title_zh, draft.title_en
    agreement.has_funding, agreement.signing_place = draft.has_funding, draft.signing_place
    agreement.term_months, agreement.open_ended = draft.term.months, draft.term.open_ended
    agreement.expires_on = draft.term.expires_on
    agreement.planned_effective_on = draft.term.planned_effective_on
    parties.write(agreement, draft.parties, organisations)


def _write_historic(agreement: Agreement, given: HistoricRecord, organisations: dict[str, Organisation]) -> None:
    check_dates(given)
    agreement.kind, agreement.title_zh, agreement.title_en = given.kind, given.title_zh, given.title_en
    numbering.take_over(agreement, given.number)
    agreement.source, agreement.source_url = given.source, given.source_url
    agreement.signed_on, agreement.signed_precision = given.signed_on, given.signed_precision
    agreement.effective_on, agreement.signing_place = given.effective_on, given.signing_place
    agreement.term_months, agreement.open_ended = given.term.months, given.term.open_ended
    agreement.expires_on = given.term.expires_on or computed_end(given)
    parties.write(agreement, given.parties, organisations)


def computed_end(given: HistoricRecord) -> date | None:
    """The last day by the term, where first day and term are known."""
    if given.effective_on is None or given.term.months is None:
        return None
    return terms.expires_on(given.effective_on, given.term.months)


def check_dates(given: HistoricRecord) -> None:
    """Raises Invalid by field for days that contradict each other or lie in the future."""
    problems: dict[str, list[Message]] = {}
    if given.signed_on and given.signed_on > today():
        problems["signed_on"] = [msg("A signing date cannot lie in the future")]
    if given.effective_on and given.signed_on and given.effective_on < given.signed_on:
        problems["effective_on"] = [msg("An agreement cannot take effect before it is signed")]
    if given.term.expires_on and given.effective_on and given.term.expires_on < given.effective_on:
        problems["expires_on"] = [msg("The last day lies before the first")]
    if problems:
        raise Invalid(problems)


def _facts(agreement: Agreement) -> dict[str, Any]:
    names = ("title_zh", "number", "signed_on", "effective_on", "expires_on", "signing_place", "source")
    return {name: getattr(agreement, name) for name in names} | {"parties": [p.name for p in agreement.parties]}


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    names = sorted(before.keys() | after.keys())
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
