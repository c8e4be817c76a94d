"""The floor of entering ledgers: the same records by plain executemany; a part of `bench.ledgers`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, insert, select

from registry.agreements.models import Agreement, AgreementParty
from registry.core.copying import copy_in
from registry.core.db import db
from registry.core.ids import new_public_id
from registry.visits.models import Visit, VisitFigure

from .rates import Took, moment, since

RECORDS: dict[str, tuple[type[Any], Any]] = {  # and what belongs to them, by what points at them
    "agreement": (Agreement, AgreementParty.agreement_id),
    "visit_enterprise": (Visit, VisitFigure.visit_id),
}
OTHERS = 1_000_000  # numbers from here on are nobody's


def bare_rows(ledger: str, size: int) -> Took:
    """What it takes to insert the records that were entered last, and what belongs to them, once more; rolled back."""
    record, pointer = RECORDS[ledger]
    last = db.session.scalars(select(record.id).order_by(record.id.desc()).limit(size)).all()
    records = _again(record.__table__, record.id >= last[-1], "id")
    belonging = _again(pointer.class_.__table__, pointer >= last[-1], "id", pointer.key)
    with _row_by_row():
        started = moment()
        db.session.execute(insert(record.__table__), records)
        db.session.execute(insert(pointer.class_.__table__), belonging)
        took = since(started)
    db.session.rollback()
    return took


def _again(table: Any, wanted: Any, *shifted: str) -> list[dict[str, Any]]:
    """The same rows under other numbers."""
    rows = [dict(row) for row in db.session.execute(select(table).where(wanted)).mappings()]
    for row in rows:
        row |= {name: row[name] + OTHERS for name in shifted if name in row}
        row |= {"public_id": new_public_id()} if "public_id" in row else {}
    return rows


@contextmanager
def _row_by_row() -> Iterator[None]:
    """As SQLAlchemy does it by itself: on PostgreSQL one statement for each row."""
    event.remove(Engine, "do_executemany", copy_in)
    try:
        yield
    finally:
        event.listen(Engine, "do_executemany", copy_in)
