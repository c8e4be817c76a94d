"""Migrations. 数据库升级."""

from collections.abc import Callable
from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from ..core.config import ROOT
from ..core.db import db
from ..core.instance import settings
from .backup import archive
from .backup.dump import DumpFailed
from .group import fail, registry


def alembic_config() -> Config:
    """Alembic's settings, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def present_revision() -> str:
    """The form that the database is in; empty before the first migration."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def newest_revision() -> str:
    """The form that this program needs."""
    return str(ScriptDirectory.from_config(alembic_config()).get_current_head())


def known_revisions() -> frozenset[str]:
    """Every form that this program can bring to the newest."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


@registry.command()
@click.option("--without-backup", is_flag=True, help="You have made one yourself.")
def migrate(without_backup: bool) -> None:
    """Bring the database to the newest form; what is in it is backed up first."""
    Path(current_app.instance_path).mkdir(parents=True, exist_ok=True)
    upgrade(backup=_no_backup if without_backup else _backup)


def _backup() -> None:
    """A backup in the instance folder, before the form changes."""
    folder = settings().instance / "backups"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        click.echo(f"Backup: {archive.back_up(folder)}")
    except (DumpFailed, OSError) as error:
        raise fail(f"No backup could be made, so nothing was changed: {error}") from error


def _no_backup() -> None:
    click.echo("No backup is made.")


def upgrade(backup: Callable[[], None]) -> None:
    """Run the migrations that are missing, after a backup if there is anything to lose.

    Raises click's error for a database that a newer or another program has made.
    """
    present = present_revision()
    if present == newest_revision():
        click.echo("The database is up to date.")
        return
    if present and present not in known_revisions():
        raise fail(
            f"The database is in the form {present!r}, which this version does not know: it was made by a newer "
            "version. Install that version again, or restore the backup that was made before it. Nothing was changed."
        )
    if present:
        backup()
    command.upgrade(alembic_config(), "head")
    click.echo(f"The database is now in the form {newest_revision()}.")


@registry.command("new-migration")
@click.argument("message")
def new_migration(message: str) -> None:
    """Write a migration from the difference between the models and the database."""
    command.revision(alembic_config(), message, autogenerate=True)
