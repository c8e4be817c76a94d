"""Ending an agreement by people's word: notice, termination after its period, completion. 解除与履行完毕."""

from datetime import timedelta
from typing import Any

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now, prose_date, today
from ...core.db import db
from ...core.errors import Conflict, Invalid, Unmet
from ...core.i18n import Message, msg
from ...documents.models import StoredFile
from .. import promises, queries
from ..inputs import NoticeDetails
from ..models import Agreement, AgreementParty, ClosureOutcome, TerminationNotice
from . import endings, projection


def give_notice(
    agreement: Agreement, details: NoticeDetails, file: StoredFile, filename: str, actor: User
) -> TerminationNotice:
    """Note a party's written notice to end the agreement; the period runs from the day it was received.

    The day of receipt is not counted (Civil Code, articles 201 and 565). Raises Forbidden, Conflict while another
    notice runs, Invalid by field.
    """
    decide(actor, Action.AGREEMENT_GIVE_NOTICE, agreement).enforce()
    if queries.notice_of(agreement) is not None:
        raise Conflict(msg("A notice is running already"))
    party = _party(agreement, details)
    notice = TerminationNotice(
        agreement=agreement,
        party=party,
        file=file,
        filename=filename,
        received_on=details.received_on,
        notice_days=details.notice_days,
        ends_on=details.received_on + timedelta(days=details.notice_days),
        reason=details.reason,
        recorded_by=actor,
        recorded_at=now(),
    )
    db.session.add(notice)
    told = {"party": (None, party.name), "ends_on": (None, notice.ends_on), "sha256": (None, file.sha256)}
    projection.settle(agreement, actor, Action.AGREEMENT_GIVE_NOTICE, told, reason=details.reason)
    return notice


def _party(agreement: Agreement, details: NoticeDetails) -> AgreementParty:
    problems: dict[str, list[Message]] = {}
    party = next((row for row in agreement.parties if row.public_id == details.party), None)
    if party is None:
        problems["party"] = [msg("Choose the party that gave notice")]
    if details.received_on > today():
        problems["received_on"] = [msg("This date lies in the future")]
    elif agreement.effective_on and details.received_on < agreement.effective_on:
        problems["received_on"] = [msg("This date lies before the agreement took effect")]
    if not details.reason:
        problems["reason"] = [msg("Give a reason")]
    if problems or party is None:
        raise Invalid(problems)
    return party


def withdraw_notice(agreement: Agreement, reason: str, actor: User) -> None:
    """The notice was taken back, or entered wrongly: it stays with the reason.

    Raises Forbidden, Conflict when none runs, Invalid without a reason.
    """
    decide(actor, Action.AGREEMENT_GIVE_NOTICE, agreement).enforce()
    notice = _running(agreement)
    if not reason:
        raise Invalid({"reason": [msg("Give a reason")]})
    notice.withdrawn_reason = reason
    told = {"ends_on": (notice.ends_on, None)}
    projection.settle(agreement, actor, Action.AGREEMENT_GIVE_NOTICE, told, reason=reason)


def terminate(agreement: Agreement, actor: User) -> None:
    """in force, suspended → closed (terminated) by the notice whose period has passed.

    What both sides want is a termination revision, which ends it by itself. Raises Forbidden, Conflict without a
    notice, Unmet before the period has passed or while a change is on its way.
    """
    decide(actor, Action.AGREEMENT_TERMINATE, agreement).enforce()
    notice = _running(agreement)
    unmet = unmet_for_termination(agreement, notice)
    if unmet:
        raise Unmet(unmet)
    before, on = agreement.status, endings.not_before_terms(agreement, notice.ends_on + timedelta(days=1))
    endings.close(agreement, ClosureOutcome.TERMINATED, on, notice.reason)
    changes = projection.moved(before, agreement)
    projection.settle(agreement, actor, Action.AGREEMENT_TERMINATE, changes, reason=notice.reason, since=on)


def unmet_for_termination(agreement: Agreement, notice: TerminationNotice) -> list[Message]:
    """The notice's period runs through its last day."""
    found = endings.unmet(agreement)
    if notice.ends_on >= today():
        found.append(msg("The period of notice runs until %(day)s", day=prose_date(notice.ends_on)))
    return found


def _running(agreement: Agreement) -> TerminationNotice:
    notice = queries.notice_of(agreement)
    if notice is None:
        raise Conflict(msg("No notice is running"))
    return notice


def complete(agreement: Agreement, actor: User) -> None:
    """in force, suspended → closed (completed): every period of every commitment is settled, or waived with a reason.

    Raises Forbidden, Conflict, Unmet while a change is on its way or a period is open.
    """
    decide(actor, Action.AGREEMENT_COMPLETE, agreement).enforce()
    unmet = unmet_for_completion(agreement)
    if unmet:
        raise Unmet(unmet)
    before = agreement.status
    endings.close(agreement, ClosureOutcome.COMPLETED, today())
    projection.settle(agreement, actor, Action.AGREEMENT_COMPLETE, projection.moved(before, agreement), since=today())


def unmet_for_completion(agreement: Agreement) -> list[Message]:
    """A change on its way, and what is not settled yet of what it promises."""
    return [*endings.unmet(agreement), *promises.unsettled(agreement)]


def commitments_of(agreement: Agreement) -> list[dict[str, Any]]:
    """The commitments of the terms in force."""
    revision = agreement.effective_revision
    return list(revision.content["commitments"]) if revision else []
