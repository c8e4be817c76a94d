"""Signing events: entering them, and which agreements are signed there in which order. 签约活动。"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ...accounts.models import User
from ...audit.services import record
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import now, today
from ...core.db import db
from ...core.errors import Conflict, Forbidden, Invalid, NotFound
from ...core.i18n import msg
from .. import queries
from ..inputs_events import EventDetails
from ..models import Agreement, AgreementStatus, SigningEvent
from . import projection

MOST_AGREEMENTS = 200
FIELDS = ("title_zh", "title_en", "held_on", "held_precision", "place", "source", "source_url")


def create(given: EventDetails, actor: User, *, is_demo: bool = False) -> SigningEvent:
    """Enter an event that the actor's organisation hosts.

    Raises Forbidden, Invalid by field.
    """
    decide(actor, Action.EVENT_ADD).enforce()
    event = SigningEvent(owner=actor.organisation, created_by_id=actor.id, is_demo=is_demo, sort_on=today())
    _write(event, given)
    db.session.add(event)
    db.session.flush()
    record(actor, Action.EVENT_ADD, event, {"title": (None, event.title_zh)})
    return event


def edit(event: SigningEvent, given: EventDetails, actor: User) -> None:
    """Change what is known of it; agreements that were entered from it keep their own dates.

    Raises Forbidden, Invalid by field.
    """
    decide(actor, Action.EVENT_EDIT, event).enforce()
    before = _facts(event)
    _write(event, given)
    after = _facts(event)
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    _settle(event, actor, Action.EVENT_EDIT, changes)


def add(event: SigningEvent, agreement: Agreement, actor: User) -> None:
    """Put an agreement at the end of the order of signing: the host's own, or one of an organisation below.

    Raises Forbidden, Conflict for one that ended or belongs to an event.
    """
    decide(actor, Action.EVENT_EDIT, event).enforce()
    if actor.organisation_id != agreement.owner_id and not agreement.owner.is_overseen_by(actor.organisation_id):
        raise Forbidden(msg("Only the owner of an agreement, or who oversees it, puts it into a signing event"))
    if agreement.signing_event_id is not None:
        raise Conflict(msg("This agreement belongs to a signing event already"))
    if agreement.status in (AgreementStatus.VOID, AgreementStatus.CLOSED):
        raise Conflict(msg("This agreement has ended"))
    place(event, agreement)
    _settle_agreement(agreement, actor, (None, event.title_zh))
    _settle(event, actor, Action.EVENT_EDIT, {"agreement": (None, agreement.audit_label)})


def place(event: SigningEvent, agreement: Agreement) -> None:
    """Give it the next position. Raises Conflict where the event is full."""
    number = queries.count_agreements(event)
    if number >= MOST_AGREEMENTS:
        raise Conflict(msg("At most %(most)s agreements belong to one signing event", most=MOST_AGREEMENTS))
    agreement.signing_event_id, agreement.signing_position = event.id, number + 1


def remove(event: SigningEvent, agreement: Agreement, actor: User) -> None:
    """Take an agreement out of the order; the agreement itself stays.

    Raises Forbidden, NotFound for one of another event.
    """
    decide(actor, Action.EVENT_EDIT, event).enforce()
    _check_member(event, agreement)
    agreement.signing_event_id = agreement.signing_position = None
    _settle_agreement(agreement, actor, (event.title_zh, None))
    _number(queries.all_positions(event))
    _settle(event, actor, Action.EVENT_EDIT, {"agreement": (agreement.audit_label, None)})


def move(event: SigningEvent, agreement: Agreement, step: int, actor: User) -> None:
    """Move an agreement in the order of signing: -1 is one earlier, 1 one later. At an end nothing happens.

    Raises Forbidden, NotFound for one of another event.
    """
    decide(actor, Action.EVENT_EDIT, event).enforce()
    _check_member(event, agreement)
    order = list(queries.all_positions(event))
    at = order.index(agreement)
    to = min(max(at + step, 0), len(order) - 1)
    if to == at:
        return
    order.insert(to, order.pop(at))
    _number(order)
    _settle(event, actor, Action.EVENT_EDIT, {f"order of {agreement.audit_label}": (at + 1, to + 1)})


def _check_member(event: SigningEvent, agreement: Agreement) -> None:
    if agreement.signing_event_id != event.id:
        raise NotFound


def _number(order: Sequence[Agreement]) -> None:
    for position, agreement in enumerate(order, start=1):
        if agreement.signing_position != position:
            agreement.signing_position = position
    db.session.flush()


def _write(event: SigningEvent, given: EventDetails) -> None:
    if given.source and given.held_on and given.held_on > today():
        raise Invalid({"held_on": [msg("What a source tells of cannot lie in the future")]})
    for name in FIELDS:
        setattr(event, name, getattr(given, name))
    event.programme = [asdict(row) for row in given.programme]
    event.sort_on = given.held_on or today()


def _facts(event: SigningEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in (*FIELDS, "programme")}


def _settle_agreement(agreement: Agreement, actor: User, change: tuple[str | None, str | None]) -> None:
    projection.settle(agreement, actor, Action.EVENT_EDIT, {"signing_event": change})


def _settle(event: SigningEvent, actor: User, action: Action, changes: dict[str, tuple[Any, Any]]) -> None:
    event.updated_at = now()
    db.session.flush()
    record(actor, action, event, changes)
