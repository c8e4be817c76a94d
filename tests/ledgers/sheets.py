"""Workbooks as people drop them, and imports brought as far as a test needs."""

import io
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.accounts.models import User
from registry.core.db import db, transaction
from registry.jobs.leases import run_next
from registry.jobs.models import Job
from registry.ledgers.models import ImportBatch, ImportRow
from registry.ledgers.reading.workbook import find_ledger, open_book
from registry.ledgers.services import batches
from registry.ledgers.services.batches import Dropped
from registry.ledgers.targets.catalogue import target

FILES = Path(__file__).with_name("files")
AGREEMENTS = FILES / "sample_messy_agreement_ledger.xlsx"
VISITS = FILES / "sample_messy_visit_ledger.xlsx"


def book(*rows: Sequence[Any], name: str = "台账") -> bytes:
    """A workbook of one sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def dropped(data: bytes, code: str, name: str = "台账.xlsx") -> Dropped:
    """The file as the page hands it to the service."""
    found = find_ledger(open_book(data), target(code).ledger)
    assert found is not None
    return Dropped(name, sha256(data).hexdigest(), batches.keep(data), found)


def imported(data: bytes, code: str, by: User, name: str = "台账.xlsx") -> ImportBatch:
    """Taken in and checked."""
    file = dropped(data, code, name)
    with transaction():
        batch = batches.begin(file, target(code), by)
    work()
    return again(batch)


def entered(batch: ImportBatch, by: User) -> ImportBatch:
    """Confirmed and entered."""
    with transaction():
        batches.confirm(again(batch), target(batch.ledger), by)
    work()
    return again(batch)


def work() -> None:
    """What the worker does after the commit."""
    while run_next():
        pass
    assert [job.last_error for job in db.session.query(Job) if job.last_error] == []
    db.session.rollback()  # what is read next is as it is then


def again(batch: ImportBatch) -> ImportBatch:
    """The same as it is now."""
    return db.session.get_one(ImportBatch, batch.id, populate_existing=True)


def rows(batch: ImportBatch) -> list[ImportRow]:
    """Its rows in order."""
    return list(db.session.query(ImportRow).filter_by(batch_id=batch.id).order_by(ImportRow.number))
