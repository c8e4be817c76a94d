"""Migrations reach the models, up, down and up again, with rows in every table, on both databases."""

from datetime import date
from pathlib import Path

import click
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import MetaData, func, inspect, select, text

from registry.cli import database as commands
from registry.core.db import Model, db
from registry.search.models import is_index
from tests.conftest import RELEASED
from tests.guards.rows import go, reflected, row_for

REVISIONS = sorted(commands.known_revisions())
LADDER = [revision for revision in REVISIONS if revision >= RELEASED]
VERSION_TABLE = "alembic_version"


def _fill() -> dict[str, int]:
    """A row in every table that has none; the numbers of rows by table."""
    found = reflected()
    tables = [table for table in found.sorted_tables if table.name != VERSION_TABLE]
    with db.engine.begin() as connection:
        for table in tables:
            if not connection.scalar(select(func.count()).select_from(table)):
                connection.execute(table.insert(), row_for(table, connection))
    return _counts(found)


def _counts(found: MetaData) -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in found.tables.items()
            if name != VERSION_TABLE
        }


def test_every_table_can_be_filled(bare_app: Flask) -> None:
    go("head")
    counts = _fill()
    assert set(counts) == set(Model.metadata.tables)
    assert all(counts.values())


def test_up_down_and_up_again_rung_by_rung_with_rows(bare_app: Flask) -> None:
    """Every migration since the last release meets rows in every table, three times, in one go."""
    held = {}
    for revision in LADDER:
        go(revision)
        held[revision] = _fill()
    for revision in reversed(LADDER[:-1]):
        go(revision, down=True)
        assert _counts(reflected()) == held[revision], f"back at {revision}"
    for revision in LADDER[1:]:
        go(revision)
        assert commands.present_revision() == revision
    assert revision == commands.newest_revision()
    assert _counts(reflected()).keys() == held[revision].keys()


@pytest.mark.parametrize("revision", REVISIONS)
def test_up_down_and_up_again_with_rows(bare_app: Flask, revision: str) -> None:
    """From each form that a site may have, to the newest in one call and back; `script/gates` asks, see `conftest`."""
    go(revision)
    before = _fill()
    go("head")
    _fill()
    go(revision, down=True)
    assert _counts(reflected()) == before
    go("head")
    assert commands.present_revision() == commands.newest_revision()


def test_years_that_had_exceptions_count_as_recorded(bare_app: Flask) -> None:
    """Working days of older versions had no table of years."""
    go("0002")
    days = reflected().tables["workday_override"]
    rows = [{"day": date(year, 10, 1), "kind": "holiday", "holiday_zh": "国庆节"} for year in (2025, 2026)]
    with db.engine.begin() as connection:
        connection.execute(days.insert(), rows)
    go("head")
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT year, source FROM workday_year ORDER BY year")).all()
    assert [tuple(row) for row in found] == [(2025, ""), (2026, "")]


def test_down_to_nothing_leaves_nothing(bare_app: Flask) -> None:
    go("head")
    _fill()
    go("base", down=True)
    assert set(inspect(db.engine).get_table_names()) <= {VERSION_TABLE}
    assert _programs() == []
    go("head")
    _fill()


def _programs() -> list[str]:
    """Triggers and functions that stand in the database."""
    statements = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with db.engine.connect() as connection:
        return sorted(connection.scalars(text(statements[connection.dialect.name])))


def _constraints() -> set[tuple[str, str]]:
    inspector = inspect(db.engine)
    tables = [name for name in inspector.get_table_names() if name != VERSION_TABLE and not is_index(name)]
    return {(table, str(check["name"])) for table in tables for check in inspector.get_check_constraints(table)}


def _is_modelled(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and is_index(name or ""))


def test_migrations_reach_the_models(bare_app: Flask) -> None:
    """What compare_metadata does not look at (checks, triggers) is compared with what the models make themselves."""
    go("head")
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_modelled})
        assert compare_metadata(context, Model.metadata) == []
    migrated = (_constraints(), _programs())
    go("base", down=True)
    Model.metadata.create_all(db.engine)
    assert migrated == (_constraints(), _programs())


def test_an_unknown_form_is_refused(bare_app: Flask) -> None:
    go("head")
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(click.ClickException, match="newer version"):
        commands.upgrade(backup=_forbidden)


def test_a_database_up_to_date_is_left_alone(bare_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    go("head")
    commands.upgrade(backup=_forbidden)
    assert "up to date" in capsys.readouterr().out


def test_an_empty_database_needs_no_backup(bare_app: Flask) -> None:
    commands.upgrade(backup=_forbidden)
    assert commands.present_revision() == commands.newest_revision()


def test_an_older_form_is_backed_up_first(bare_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    go("head")
    done: list[str] = []
    monkeypatch.setattr(commands, "newest_revision", lambda: "next")
    commands.upgrade(backup=lambda: done.append("backup"))
    assert done == ["backup"]


def test_migrate_writes_a_backup_that_can_be_checked(bare_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bare_app.test_cli_runner().invoke
    assert run(args=["registry", "migrate"]).exit_code == 0
    monkeypatch.setattr(commands, "newest_revision", lambda: "next")
    result = run(args=["registry", "migrate"])
    assert result.exit_code == 0, result.output
    (path,) = Path(bare_app.instance_path, "backups").iterdir()
    assert str(path) in result.output
    monkeypatch.undo()
    assert run(args=["registry", "backup", "--check", str(path)]).exit_code == 0


def test_without_a_backup_nothing_changes(bare_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bare_app.test_cli_runner().invoke
    run(args=["registry", "migrate"])
    monkeypatch.setattr(commands, "newest_revision", lambda: "next")
    monkeypatch.setattr(command, "upgrade", lambda *_: _forbidden())
    Path(bare_app.instance_path, "backups").write_text("in the way")
    result = run(args=["registry", "migrate"])
    assert result.exit_code == 1
    assert "nothing was changed" in result.output
    monkeypatch.undo()
    assert run(args=["registry", "migrate", "--without-backup"]).exit_code == 0


def _forbidden() -> None:
    raise AssertionError("no backup is due")
