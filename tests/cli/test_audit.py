"""Commands of the audit."""

from pathlib import Path

from flask import Flask
from sqlalchemy import text

from registry.audit import services
from registry.audit.triggers import DROP_POSTGRESQL, DROP_SQLITE
from registry.core.db import db, transaction

from .conftest import run


def happen(times: int) -> None:
    with transaction():
        for _ in range(times):
            services.record(None, "test")


def test_a_good_chain(app: Flask, instance: Path) -> None:
    happen(3)
    signed = run(app, "checkpoint")
    assert signed.exit_code == 0
    assert "Entry 3" in signed.output
    verified = run(app, "verify-audit")
    assert (verified.exit_code, verified.output) == (0, "OK: 3 entries, 1 checkpoints.\n")


def test_nothing_recorded_yet(app: Flask, instance: Path) -> None:
    assert run(app, "checkpoint").output == "Nothing has been recorded yet.\n"
    assert run(app, "verify-audit").output == "OK: 0 entries, 0 checkpoints.\n"


def test_the_first_bad_entry_is_named(app: Flask, instance: Path) -> None:
    happen(4)
    with transaction():
        for statement in DROP_POSTGRESQL if db.engine.dialect.name == "postgresql" else DROP_SQLITE:
            db.session.execute(text(statement))
        db.session.execute(text("UPDATE audit_event SET reason = 'x' WHERE seq > 2"))
    result = run(app, "verify-audit")
    assert result.exit_code == 1
    assert result.output == "Error: Entry 3: its content was changed. 2 entries before it are good.\n"


def test_bad_checkpoints_are_named(app: Flask, instance: Path) -> None:
    happen(1)
    (instance / "checkpoints.jsonl").write_text("nonsense\n")
    result = run(app, "verify-audit")
    assert result.exit_code == 1
    assert "Checkpoints: checkpoint line 1: not a checkpoint" in result.output


def test_a_checkpoint_that_cannot_be_written(app: Flask, instance: Path) -> None:
    happen(1)
    (instance / "checkpoints.jsonl").mkdir()
    result = run(app, "checkpoint")
    assert result.exit_code == 1
    assert "could not be written" in result.output
