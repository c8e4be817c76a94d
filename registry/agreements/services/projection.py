"""Keeps in step what is derived from an agreement: who sees it, its sort key, what is still to be found out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import Actor
from ...core.dates import SHANGHAI, now, today
from ...core.db import db
from ...core.i18n import Message, msg
from ...organisations.models import Oversight
from ...records.happenings import Happening, Told, tell
from .. import queries
from ..announcements import announce
from ..models import Agreement, AgreementStatus, AgreementVisibility, RevisionStage
from . import periods

CHUNK = 500


def settle(
    agreement: Agreement,
    actor: Actor | None,
    action: Action | str,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
    since: date | None = None,
) -> None:
    """What every change ends with: a newer version, derived rows in step, an audit event.

    `since` is the day from which a signed agreement stands as it does now; today unless told.
    """
    agreement.updated_at = now()
    db.session.flush()
    refresh(agreement)
    periods.note(agreement, since)
    record(actor, action, agreement, changes, reason=reason)
    tell_of(agreement)
    announce(agreement, actor, action, changes, reason)


def tell_of(agreement: Agreement) -> None:
    """Let whoever counts agreements know that it, or who takes part in it, has changed."""
    sides = frozenset(party.organisation_id for party in agreement.parties if party.organisation_id)
    tell(Happening.RECORD_SETTLED, Told(agreement, today(), "agreement", agreement.public_id, sides))


def moved(before: AgreementStatus, agreement: Agreement) -> dict[str, tuple[str, str]]:
    """The change of status for the audit; empty when there is none."""
    return {"status": (str(before), str(agreement.status))} if before is not agreement.status else {}


def advanced(before: RevisionStage, agreement: Agreement) -> dict[str, tuple[str | int | None, str | int]]:
    """The step of the lane for the audit: of the agreement itself, or of the revision that changes one in force."""
    if not agreement.has_begun:
        after = str(agreement.status)
        return {"status": (str(before), after)} if str(before) != after else {}
    newest = agreement.revisions[-1]
    return {"revision": (None, newest.no), "stage": (str(before), str(newest.stage))}


def refresh(agreement: Agreement) -> None:
    """Bring sort key, visibility and the mark 待补 in step; called at the end of every change."""
    agreement.sort_on = sort_key(agreement)
    agreement.needs_details = bool(missing_details(agreement))
    wanted = _readers(agreement)
    archive_status, archive_due_on = queries.archive_state_of(agreement)
    present = {row.organisation_id: row for row in agreement.visibility}
    for organisation_id in present.keys() - wanted:
        agreement.visibility.remove(present[organisation_id])
    for organisation_id in wanted - present.keys():
        agreement.visibility.append(AgreementVisibility(organisation_id=organisation_id))
    for row in agreement.visibility:
        row.sort_on, row.status = agreement.sort_on, agreement.status
        row.archive_status, row.archive_due_on = archive_status, archive_due_on
    db.session.flush()


def sort_key(agreement: Agreement) -> date:
    """The signing date, else the day of entry; never empty, so both databases sort alike."""
    return agreement.signed_on or agreement.created_at.astimezone(SHANGHAI).date()


def _readers(agreement: Agreement) -> set[int]:
    """The owner; the parties once it is shared with them; everyone who oversees one of those."""
    named = _named(agreement)
    over = select(Oversight.overseer_id).where(Oversight.organisation_id.in_(named))
    return named | set(db.session.scalars(over))


def _named(agreement: Agreement) -> set[int]:
    """The owner, and the parties once it is shared with them."""
    parties = agreement.parties_now if agreement.shared else ()
    return {agreement.owner_id} | {party.organisation_id for party in parties if party.organisation_id}


def refresh_readers(agreement_ids: Sequence[int]) -> None:
    """Bring in step who sees these agreements, after organisations changed; a few queries for each CHUNK of them."""
    for start in range(0, len(agreement_ids), CHUNK):
        agreements = db.session.scalars(
            select(Agreement)
            .where(Agreement.id.in_(agreement_ids[start : start + CHUNK]))
            .options(
                selectinload(Agreement.all_parties),
                selectinload(Agreement.revisions),
                selectinload(Agreement.visibility),
            )
            .execution_options(populate_existing=True)
        ).all()
        named = {agreement: _named(agreement) for agreement in agreements}
        over = _overseers(set().union(*named.values()))
        for agreement, organisation_ids in named.items():
            _show_to(agreement, organisation_ids.union(*(over.get(one, set()) for one in organisation_ids)))
        db.session.flush()


def _overseers(organisation_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    statement = select(Oversight.organisation_id, Oversight.overseer_id)
    for below, above in db.session.execute(statement.where(Oversight.organisation_id.in_(organisation_ids))):
        found.setdefault(below, set()).add(above)
    return found


def _show_to(agreement: Agreement, wanted: Collection[int]) -> None:
    """Rows for exactly these; new ones say of the list and the archive what the others say."""
    present = {row.organisation_id: row for row in agreement.visibility}
    known = next(iter(present.values()), None)
    for organisation_id in present.keys() - wanted:
        agreement.visibility.remove(present[organisation_id])
    for organisation_id in set(wanted) - present.keys():
        row = AgreementVisibility(organisation_id=organisation_id, sort_on=agreement.sort_on, status=agreement.status)
        if known is not None:
            row.archive_status, row.archive_due_on = known.archive_status, known.archive_due_on
        agreement.visibility.append(row)


def missing_details(agreement: Agreement) -> list[Message]:
    """What a signed record still lacks (待补信息); empty for drafts, which their own guards watch."""
    if agreement.status not in (
        AgreementStatus.RECORDED_PENDING,
        AgreementStatus.SIGNED,
        AgreementStatus.IN_FORCE,
        AgreementStatus.SUSPENDED,
    ):
        return []
    found = [
        msg("Party %(position)s: which organisation is it?", position=party.position)
        for party in agreement.parties
        if party.organisation_id is None
    ]
    if agreement.signed_on is None:
        found.append(msg("Date of signing"))
    if agreement.effective_on is None:
        found.append(msg("Effective date"))
    if agreement.expires_on is None and not agreement.open_ended:
        found.append(msg("Term or last day in force"))
    if not agreement.signing_place:
        found.append(msg("Place of signing"))
    if agreement.number is None:
        found.append(msg("Agreement number"))
    return found
