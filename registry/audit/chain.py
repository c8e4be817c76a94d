"""The hash chain: events wait in the session and are linked just before the commit, when the head is locked last."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import String, Table, event, insert, select
from sqlalchemy.orm import Session, SessionTransaction

from ..core import db as database
from ..core.ids import new_public_id
from .models import AuditEvent, AuditHead
from .plain import canonical, moment, plain, storable

PENDING = "pending_audit_events"
SAVEPOINTS = "audit_savepoints"
LINKED = "linked_audit_head"
HASHED = (
    "seq", "public_id", "happened_at", "action", "succeeded", "actor_id", "actor_name", "organisation_id",
    "object_type", "object_id", "object_label", "changes", "reason", "address", "request_id", "previous_hash",
)  # fmt: skip
EVENTS = cast("Table", AuditEvent.__table__)  # not the class: thousands of an import are as few statements as one
LIMITS = {
    column.name: column.type.length
    for column in EVENTS.columns
    if isinstance(column.type, String) and column.type.length
}
_listeners: list["Callable[[Link], None]"] = []


@dataclass(frozen=True)
class Link:
    """The end of the chain after a commit, the number that it had before, and what was done."""

    before: int
    seq: int
    hash: str
    actions: frozenset[str] = frozenset()


def append(session: Session, values: Mapping[str, Any]) -> None:
    """Let an event wait for the commit of this session's transaction.

    Raises RuntimeError outside a transaction, where nothing would commit it; TypeError for values without a plain form.
    """
    if not database.is_writing():
        raise RuntimeError("an event needs an open transaction")
    session.connection()  # begun, so that a rollback is told to _forget even where nothing else was done
    session.info.setdefault(PENDING, []).append(_settled(values))


def _settled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as both databases give them back."""
    settled = {name: value if name == "happened_at" else plain(value) for name, value in values.items()}
    for name, limit in LIMITS.items():
        if name in settled:
            text = settled[name]  # plain text is storable already
            settled[name] = (text if text.__class__ is str else storable(text))[:limit]
    return settled


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical JSON of the hashed columns; a moment may be in its plain form already."""
    happened_at = values["happened_at"]
    plainly = moment(happened_at) if isinstance(happened_at, datetime) else happened_at
    hashed = {name: values[name] for name in HASHED} | {"happened_at": plainly}
    return hashlib.sha256(canonical(hashed).encode()).hexdigest()


@event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    """Lock the head, number and chain what waits, and move the head. A savepoint is not yet a commit."""
    if session.in_nested_transaction() or not session.info.get(PENDING):
        return
    waiting = session.info.pop(PENDING)
    session.flush()
    head = session.scalars(select(AuditHead).with_for_update().execution_options(populate_existing=True)).one()
    before = head.seq
    for values in waiting:
        seq = head.seq + 1
        values |= {"id": seq, "seq": seq, "public_id": new_public_id(), "previous_hash": head.hash}
        values["hash"] = digest(values)
        head.seq, head.hash = seq, values["hash"]
    session.execute(insert(EVENTS), waiting)
    session.flush()
    session.info[LINKED] = Link(before, head.seq, head.hash, frozenset(values["action"] for values in waiting))


def after_link(callback: Callable[[Link], None]) -> None:
    """Have a function called after each commit that lengthened the chain, outside every lock; it must not raise."""
    if callback not in _listeners:
        _listeners.append(callback)


@event.listens_for(Session, "after_commit")
def _tell(session: Session) -> None:
    if not session.in_nested_transaction() and (link := session.info.pop(LINKED, None)):
        for listener in _listeners:
            listener(link)


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, opened: SessionTransaction) -> None:
    """Remember how many events waited when a savepoint began."""
    if opened.nested:
        session.info.setdefault(SAVEPOINTS, []).append(len(session.info.get(PENDING, ())))


@event.listens_for(Session, "after_transaction_end")
def _unmark(session: Session, ended: SessionTransaction) -> None:
    if ended.nested:
        session.info[SAVEPOINTS].pop()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    """What was undone did not happen: back to the savepoint, or to nothing."""
    kept = session.info[SAVEPOINTS][-1] if session.in_nested_transaction() else 0
    del session.info.get(PENDING, [])[kept:]
    session.info.pop(LINKED, None)
