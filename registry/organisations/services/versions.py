"""Somebody else saved first: say who changed what and when. 并发修改."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, select

from ...audit.queries import history_of
from ...core.db import db
from ...core.errors import Stale
from ...core.i18n import Message
from ..fields import label_of, shown
from ..models import Organisation


class Editable(Protocol):
    """A record with a version, known to the audit."""

    row_version: Any

    @property
    def public_id(self) -> Any: ...


@dataclass(frozen=True)
class Change:
    """One field that somebody changed."""

    who: str
    when: datetime
    field: Message | str
    before: object
    after: object


def refuse_stale(record: Editable, version: int) -> None:
    """Raise Stale with what was changed since, unless the form was made from the present version."""
    if record.row_version != version:
        behind = max(1, record.row_version - version) if version else 1
        raise Stale(changes=history(record, behind))


def lock(*organisations: Organisation) -> None:
    """Let nobody change them until the transaction ends, and read them anew: somebody may have been faster.

    Whoever names one of them at this moment is waited for, and waits.
    """
    numbers = sorted(one.id for one in organisations)
    rows = select(Organisation).where(Organisation.id.in_(numbers)).order_by(Organisation.id).with_for_update()
    db.session.scalars(rows.execution_options(populate_existing=True)).all()


def history(record: Editable, limit: int) -> list[Change]:
    """The latest changes of a record, newest first, a line for each field."""
    return list(_changes(history_of(type(record).__name__.lower(), record.public_id, limit)))


def _changes(events: Sequence[Row[Any]]) -> Iterator[Change]:
    for event in events:
        if not event.succeeded:
            continue
        for name, (before, after) in event.changes.items():
            yield Change(event.actor_name, event.happened_at, label_of(name), shown(name, before), shown(name, after))
