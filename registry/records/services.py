"""What every change of a shared record ends with: who sees it, its newer version, the audit event. 共享记录的变更."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from ..audit.services import record as audit
from ..core.access.actions import Action
from ..core.access.decision import Actor
from ..core.access.scope import without_scope
from ..core.dates import now, today
from ..core.db import db
from ..core.errors import Invalid
from ..core.i18n import msg
from ..organisations.models import Organisation, OrganisationStatus, Oversight
from .happenings import Happening, Told, tell
from .models import Shared, VisibilityRow

Changes = dict[str, tuple[Any, Any]]


def settle(
    record: Shared,
    actor: Actor | None,
    action: Action | str,
    changes: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """End a change: newer version, visibility in step, one audit event in the same transaction."""
    record.updated_at = now()
    db.session.flush()
    share(record)
    audit(actor, action, record, changes, reason=reason)
    tell_of(record)


def tell_of(record: Shared) -> None:
    """Let whoever counts records know that it, or who takes part in it, has changed."""
    told = Told(record, today(), record.kind_code, record.public_id, frozenset(record.party_ids))
    tell(Happening.RECORD_SETTLED, told)


def share(record: Shared) -> None:
    """Bring in step who sees the record: its owner, its parties, and everyone who oversees one of them."""
    share_all([record])


def share_all(records: Sequence[Shared]) -> None:
    """The same for many records of one kind, in two queries."""
    if not records:
        return
    table = records[0].visibility
    sides = {record.id: record.party_ids | {record.owner_id} for record in records}
    over = overseers(set().union(*sides.values()))
    present: dict[int, dict[int, VisibilityRow]] = {number: {} for number in sides}
    for row in db.session.scalars(select(table).where(table.record_id.in_(sides))):
        present[row.record_id][row.organisation_id] = row
    for record in records:
        _show_to(record, sides[record.id], present[record.id], over)
    db.session.flush()


def overseers(organisation_ids: Collection[int]) -> dict[int, set[int]]:
    """Who oversees each of them, by organisation."""
    found: dict[int, set[int]] = {}
    statement = select(Oversight.organisation_id, Oversight.overseer_id)
    for below, above in db.session.execute(statement.where(Oversight.organisation_id.in_(organisation_ids))):
        found.setdefault(below, set()).add(above)
    return found


def _show_to(record: Shared, sides: set[int], present: dict[int, VisibilityRow], over: Mapping[int, set[int]]) -> None:
    wanted = sides.union(*(over.get(one, set()) for one in sides))
    for organisation_id in present.keys() - wanted:
        db.session.delete(present.pop(organisation_id))
    for organisation_id in wanted - present.keys():
        present[organisation_id] = record.visibility(organisation_id=organisation_id, record_id=record.id)
        db.session.add(present[organisation_id])
    for organisation_id, row in present.items():
        row.sort_on, row.state, row.is_party = record.sort_on, record.state_code, organisation_id in sides


def write(record: object, given: object, names: Iterable[str]) -> Changes:
    """Take the named fields over from an input; returns what changed, for the audit."""
    changes: Changes = {}
    for name in names:
        before, after = getattr(record, name), getattr(given, name)
        if before != after:
            changes[name] = (before, after)
            setattr(record, name, after)
    return changes


def load_hidden(row: Any, *names: str) -> bool:
    """Load what a row points at though the writer does not see it; whether there was such a thing.

    The wall leaves such a reference empty, and what is already empty cannot be taken away: the column would keep it.
    """
    hidden = [name for name in names if getattr(row, f"{name}_id") is not None and getattr(row, name) is None]
    with without_scope():
        for name in hidden:
            kind = type(row).__mapper__.relationships[name].mapper.class_
            set_committed_value(row, name, db.session.get(kind, getattr(row, f"{name}_id")))
    return bool(hidden)


def moved(before: str, after: str) -> Changes:
    """A change of state for the audit; empty when there is none."""
    return {"state": (str(before), str(after))} if str(before) != str(after) else {}


def require_reason(reason: str) -> None:
    """Raises Invalid where no reason is given."""
    if not reason.strip():
        raise Invalid({"reason": [msg("Give a reason")]})


def known_organisations(public_ids: Collection[str], field: str = "parties") -> list[Organisation]:
    """Active organisations by their public ids, in the order given. Raises Invalid for unknown or repeated ones."""
    found = {
        one.public_id: one
        for one in db.session.scalars(select(Organisation).where(Organisation.public_id.in_(public_ids)))
        if one.status is OrganisationStatus.ACTIVE
    }
    if len(set(public_ids)) != len(public_ids):
        raise Invalid({field: [msg("An organisation is named twice")]})
    if set(found) != set(public_ids):
        raise Invalid({field: [msg("Choose an organisation of the directory")]})
    return [found[one] for one in public_ids]
