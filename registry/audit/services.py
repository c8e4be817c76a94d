"""Recording events. They are numbered and chained at the very end of the transaction (see `chain`). 记录."""

from collections.abc import Mapping
from typing import Any, Protocol

from ..core.access.actions import Action
from ..core.access.decision import Actor
from ..core.dates import now
from ..core.db import db, transaction
from ..core.i18n import Message
from ..core.request import origin
from .chain import append


class Recorded(Protocol):
    """A record that events can be about."""

    @property
    def public_id(self) -> str: ...
    @property
    def audit_label(self) -> str:
        """What a person would call it."""
        ...


def record(
    actor: Actor | None,
    action: Action | str,
    subject: Recorded | None = None,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    reason: str | Message = "",
    succeeded: bool = True,
) -> None:
    """Append an event to the present transaction; `changes` maps a field to (before, after).

    Dates, moments, enums, decimals, messages and records are kept in their plain form (see `plain`). What is longer
    than its column is cut. Raises RuntimeError outside a transaction.
    """
    where = origin()
    append(
        db.session(),
        {
            "happened_at": now(),
            "action": str(action),
            "succeeded": succeeded,
            "actor_id": actor.id if actor else None,
            "actor_name": actor.name if actor else "",
            "organisation_id": actor.organisation_id if actor else None,
            "object_type": type(subject).__name__.lower() if subject else "",
            "object_id": subject.public_id if subject else "",
            "object_label": subject.audit_label if subject else "",
            "changes": {name: [before, after] for name, (before, after) in (changes or {}).items()},
            "reason": reason,
            "address": where.address,
            "request_id": where.request_id,
        },
    )


def record_refusal(
    actor: Actor | None, action: Action | str, subject: Recorded | None = None, reason: str | Message = ""
) -> None:
    """Record in a transaction of its own that something was refused; call it when the refused one is rolled back."""
    db.session.rollback()
    with transaction():
        record(actor, action, subject, reason=reason, succeeded=False)
