"""The hash chain: events wait in the session and are linked just before the commit, when the head is locked last."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from .models import AuditEvent, AuditHead

PENDING = "pending_audit_events"
HASHED = (
    "seq", "happened_at", "action", "succeeded", "actor_id", "actor_name", "organisation_id", "object_type",
    "object_id", "object_label", "changes", "reason", "address", "request_id", "previous_hash",
)  # fmt: skip


def append(session: Session, values: Mapping[str, Any]) -> None:
    """Let an event wait for the commit of this session's transaction."""
    session.info.setdefault(PENDING, []).append(dict(values))


def digest(values: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical JSON of the hashed columns."""
    plain = {name: _plain(values[name]) for name in HASHED}
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@event.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    """Lock the head, number and chain what waits, and move the head."""
    waiting = session.info.pop(PENDING, [])
    if not waiting:
        return
    session.flush()
    head = session.scalars(select(AuditHead).with_for_update()).one()
    for values in waiting:
        values |= {"seq": head.seq + 1, "previous_hash": head.hash}
        values["hash"] = digest(values)
        session.add(AuditEvent(**values))
        head.seq, head.hash = values["seq"], values["hash"]
    session.flush()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(PENDING, None)
