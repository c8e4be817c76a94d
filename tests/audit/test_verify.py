"""Every edit of the chain is found, and located."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from registry.audit import checkpoints
from registry.audit.chain import HASHED, digest
from registry.audit.models import AuditEvent
from registry.audit.triggers import DROP_POSTGRESQL, DROP_SQLITE
from registry.audit.verify import Verdict, verify
from registry.core.db import db, transaction

from .conftest import happen

LENGTH = 6


@pytest.fixture
def chain(instance: Path) -> Path:
    """A short good chain without the triggers, half of it under a checkpoint; gives the instance folder."""
    happen(times=LENGTH // 2)
    checkpoints.checkpoint()
    happen(times=LENGTH // 2)
    with transaction():
        for statement in DROP_POSTGRESQL if db.engine.dialect.name == "postgresql" else DROP_SQLITE:
            db.session.execute(text(statement))
    return instance


def tamper(statement: str, **values: object) -> None:
    with transaction():
        db.session.execute(text(statement), values)


def problem_at(seq: int) -> str:
    """What verification says, which must be about this entry."""
    verdict = verify()
    assert verdict.problem is not None
    assert verdict.bad_seq == seq
    assert verdict.events == seq - 1 or "checkpoint" in verdict.problem.english or "head" in verdict.problem.english
    return verdict.problem.english


def test_a_good_chain(chain: Path) -> None:
    verdict = verify()
    assert (verdict.is_good, verdict.events, verdict.checkpoints) == (True, LENGTH, 1)


def test_an_empty_chain_is_good(instance: Path) -> None:
    assert verify().is_good


@pytest.mark.parametrize("column", [column.name for column in AuditEvent.__table__.columns])
def test_a_change_of_any_column_is_found(chain: Path, column: str) -> None:
    changes: dict[str, object] = {
        "id": "id + 100", "seq": "seq + 100", "succeeded": "NOT succeeded", "actor_id": "7", "organisation_id": "7",
        "changes": "'{\"title\": [1, 3]}'", "happened_at": "'2020-01-01 00:00:00.000000'",
    }  # fmt: skip
    tamper(f"UPDATE audit_event SET {column} = {changes.get(column, repr('x'))} WHERE seq = 4")
    problem_at(4)


def test_rewriting_an_entry_with_its_hash_breaks_the_link(chain: Path) -> None:
    tamper("UPDATE audit_event SET reason = 'x' WHERE seq = 4")
    rehash(4)
    assert "does not follow" in problem_at(5)


def test_rewriting_all_that_was_signed_is_found_by_the_checkpoint(chain: Path) -> None:
    tamper("UPDATE audit_event SET reason = 'x' WHERE seq = 2")
    for seq in range(2, LENGTH + 1):
        rehash(seq)
    last = db.session.execute(text("SELECT hash FROM audit_event WHERE seq = :seq"), {"seq": LENGTH}).scalar_one()
    tamper("UPDATE audit_head SET hash = :hash", hash=last)
    assert "checkpoint" in problem_at(LENGTH // 2)


def rehash(seq: int) -> None:
    """What somebody would do who knows how the chain is made."""
    db.session.rollback()
    before = db.session.query(AuditEvent).filter_by(seq=seq - 1).one()
    event = db.session.query(AuditEvent).filter_by(seq=seq).one()
    values = {name: getattr(event, name) for name in HASHED} | {"previous_hash": before.hash}
    tamper("UPDATE audit_event SET previous_hash = :previous, hash = :hash WHERE seq = :seq",
           previous=before.hash, hash=digest(values), seq=seq)  # fmt: skip


@pytest.mark.parametrize("seq", [1, 4])
def test_a_deleted_entry_is_missing(chain: Path, seq: int) -> None:
    tamper("DELETE FROM audit_event WHERE seq = :seq", seq=seq)
    assert "missing" in problem_at(seq)


def test_a_deleted_entry_whose_successors_moved_up(chain: Path) -> None:
    tamper("DELETE FROM audit_event WHERE seq = 4")
    for seq in (5, 6):
        tamper("UPDATE audit_event SET seq = seq - 1, id = id - 1 WHERE seq = :seq", seq=seq)
    problem_at(4)


def test_an_inserted_entry(chain: Path) -> None:
    for seq in range(LENGTH, 3, -1):
        tamper("UPDATE audit_event SET seq = seq + 1, id = id + 1 WHERE seq = :seq", seq=seq)
    tamper(f"INSERT INTO audit_event (id, {', '.join(HASHED)}, hash) SELECT 4, 4, 'NEW', "
           f"{', '.join(HASHED[2:])}, hash FROM audit_event WHERE seq = 3")  # fmt: skip
    problem_at(4)


@pytest.mark.parametrize("seq", [0, -1])
def test_an_entry_before_the_first(chain: Path, seq: int) -> None:
    tamper(f"INSERT INTO audit_event (id, {', '.join(HASHED)}, hash) SELECT :seq, :seq, 'NEW', "
           f"{', '.join(HASHED[2:])}, hash FROM audit_event WHERE seq = 3", seq=seq)  # fmt: skip
    assert "inserted" in problem_at(1)


def test_exchanged_entries(chain: Path) -> None:
    for before, after in ((4, 400), (5, 4), (400, 5)):
        tamper("UPDATE audit_event SET seq = :after, id = :after WHERE seq = :before", before=before, after=after)
    problem_at(4)


def test_a_tail_cut_off_is_seen_by_the_head(chain: Path) -> None:
    tamper("DELETE FROM audit_event WHERE seq > 4")
    assert "cut off" in problem_at(5)


def test_a_tail_cut_off_with_the_head_moved_back_is_seen_by_the_checkpoint(chain: Path) -> None:
    tamper("DELETE FROM audit_event WHERE seq > 2")
    last = db.session.execute(text("SELECT hash FROM audit_event WHERE seq = 2")).scalar_one()
    tamper("UPDATE audit_head SET seq = 2, hash = :hash", hash=last)
    assert "checkpoint signed 3" in problem_at(3)


def test_everything_gone(chain: Path) -> None:
    tamper("DELETE FROM audit_event")
    tamper("UPDATE audit_head SET seq = 0, hash = :hash", hash="0" * 64)
    assert "checkpoint" in problem_at(1)


def test_a_head_that_points_elsewhere(chain: Path) -> None:
    tamper("UPDATE audit_head SET hash = :hash", hash="1" * 64)
    assert "head" in problem_at(LENGTH)


def test_a_head_that_is_gone(chain: Path) -> None:
    tamper("DELETE FROM audit_head")
    assert "head" in problem_at(LENGTH)


def test_a_chain_longer_than_a_batch(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.audit.verify.BATCH", 3)
    happen(times=10)
    assert verify().events == 10


def test_verification_sees_one_moment_while_others_write(app: Flask, instance: Path) -> None:
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                happen()
                wrote.set()
            db.session.remove()

    def look() -> Verdict:
        wrote.clear()
        assert wrote.wait(60)
        return verify()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [look() for _ in range(20)]
    finally:
        stop.set()
    writer.join()
    assert all(verdict.is_good for verdict in seen)
    assert seen[0].events < seen[-1].events


# Single bytes: every byte of every column of one row, as SQLite keeps it.


def byte_edits(stored: object) -> list[object]:
    """The value with one byte changed, for every byte and three ways of changing."""
    if isinstance(stored, int):
        return [stored ^ (1 << bit) for bit in range(8)] + [
            str(stored) + "x",
            float(stored) + 0.5,
            bytes([stored & 255]),
        ]
    if stored is None:
        return [0, "", "x"]
    raw = str(stored).encode()
    edits: list[object] = [raw, str(stored) + " ", None if stored else "x"]  # raw: the same bytes as a blob
    for place in range(len(raw)):
        for byte in (raw[place] ^ 0x01, raw[place] ^ 0x20, 0xFF):
            edits.append(_text(raw[:place] + bytes([byte]) + raw[place + 1 :]))
    return edits


def _text(raw: bytes) -> object:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


@pytest.mark.only("sqlite")  # PostgreSQL's files are its own; its columns are covered above
def test_every_single_byte_of_a_stored_row(chain: Path) -> None:
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        row = connection.exec_driver_sql("SELECT * FROM audit_event WHERE seq = 5").mappings().one()
        found = sum(_try_all(connection, name, row[name], lambda: verify().bad_seq) for name in row)
        connection.exec_driver_sql("BEGIN")
    assert found > 900
    assert verify().is_good


def _try_all(connection: Connection, column: str, stored: object, bad_seq: Callable[[], int | None]) -> int:
    """Make each edit, see it found, undo it."""
    edit_one = f"UPDATE audit_event SET {column} = ? WHERE rowid = ?"
    tried = 0
    for edit in byte_edits(stored):
        try:
            connection.exec_driver_sql(edit_one, (edit, 5))
        except IntegrityError:  # NOT NULL and UNIQUE refuse some by themselves
            continue
        assert bad_seq() == 5, (column, edit)
        connection.exec_driver_sql(edit_one, (stored, edit if column == "id" else 5))
        tried += 1
    return tried
