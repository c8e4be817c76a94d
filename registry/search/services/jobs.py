"""What is too much for one request, and what two writers at one moment may leave behind. 后台更新."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from ...core.access.scope import without_scope
from ...core.dates import SHANGHAI
from ...core.db import db, transaction
from ...core.i18n import msg
from ...jobs.daily import daily
from ...jobs.registry import handles
from ...organisations.models import Organisation
from ..queries.matching import dependents
from ..sources.catalogue import BY_KIND
from .keeping import CHUNK, FOLLOW_JOB, RENAME_JOB, touch
from .rebuilding import enter

ENTER_JOB = "search.enter"
TWO_DAYS = timedelta(days=2)


@handles(RENAME_JOB, title=msg("Search: write an organisation's new name"))
def reach(payload: Mapping[str, Any]) -> None:
    """Bring everything that names an organisation in step with its names, a batch in each transaction."""
    _reach(int(payload["organisation"]))


@handles(FOLLOW_JOB, title=msg("Search: enter the records of an import"))
def follow(payload: Mapping[str, Any]) -> None:
    """Enter what was too much for the transaction that made it; what was taken back since is not found any more."""
    with transaction():
        _follow(str(payload["kind"]), [int(one) for one in payload["records"]])


def _follow(kind: str, numbers: Sequence[int]) -> None:
    """Whoever takes the records back at this moment waits, and then finds the entries that go with them."""
    model: Any = BY_KIND[kind].model
    chosen = select(model.id).where(model.id.in_(numbers)).order_by(model.id)
    with without_scope():
        db.session.execute(chosen.with_for_update(read=True, key_share=True)).all()
    for number in numbers:
        touch(kind, number)


@handles(ENTER_JOB, lease=timedelta(hours=2), title=msg("Search: enter all records"))
def enter_all(_payload: Mapping[str, Any]) -> None:
    """Enter what a registry held before it could be searched; ordered by the migration that made the index."""
    for _tally in enter():
        pass


@daily("search.names", msg("Search: put names right"))
def put_right(day: date) -> None:
    """Look once more at what names organisations that changed lately.

    A record that was entered at the very moment at which a new name was would bear the old one.
    """
    since = datetime.combine(day - TWO_DAYS, time(), SHANGHAI)
    changed = db.session.scalars(select(Organisation.id).where(Organisation.updated_at >= since)).all()
    for number in changed:
        _reach(number)


def _reach(organisation_id: int) -> None:
    last = 0
    while rows := dependents(organisation_id, last, CHUNK):
        last = rows[-1].id
        with transaction():
            for row in rows:
                touch(row.kind, row.record_id)
