"""Recording events. They are numbered and chained at the very end of the transaction (see `chain`)."""

from collections.abc import Mapping
from typing import Any, Protocol

from ..core.access.actions import Action
from ..core.access.decision import Actor
from ..core.dates import now
from ..core.db import db
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
    reason: str = "",
    succeeded: bool = True,
) -> None:
    """Append an event to the present transaction; `changes` maps a field to (before, after)."""
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
