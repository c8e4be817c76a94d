"""Organisations that the rows of an import name stay what they were when its records were made. 所涉单位.

Records are made outside of the transaction that enters them, from organisations that were active then.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from ..core.db import batched, db
from ..core.errors import Conflict
from ..core.i18n import msg
from ..organisations.models import Organisation, OrganisationStatus
from .targets.base import Row

Standing = Mapping[int, tuple[OrganisationStatus, int | None]]
AGAIN = msg("The registry has changed since it was checked; have it checked again")


def standing_of(rows: Sequence[Row], owner_id: int) -> Standing:
    """The state of whoever is named, of those whom they were merged into, and of the owner, by number."""
    named = {one.number for row in rows for one in row.organisations.values() if one.number}
    found = _read(named | {owner_id})
    return {**found, **_read({heir for _status, heir in found.values() if heir})}


def hold(before: Standing) -> None:
    """Let nobody merge or close them until the transaction ends; rows may go on pointing at them.

    Raises Conflict where somebody did so already.
    """
    if _read(before.keys(), held=True) != before:
        raise Conflict(AGAIN)


def _read(numbers: Iterable[int], *, held: bool = False) -> Standing:
    columns = select(Organisation.id, Organisation.status, Organisation.merged_into_id).order_by(Organisation.id)
    # What merges or closes locks its organisations whole, in the same order (see `organisations.services.versions`).
    statement = columns.with_for_update(read=True, key_share=True) if held else columns
    found: dict[int, tuple[OrganisationStatus, int | None]] = {}
    for some in batched(sorted(numbers)):
        for number, status, heir in db.session.execute(statement.where(Organisation.id.in_(some))):
            found[number] = (status, heir)
    return found
