"""Migrations."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from flask import current_app

from ..core.config import ROOT
from .group import registry


def alembic_config() -> Config:
    """Alembic's settings, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


@registry.command()
def migrate() -> None:
    """Bring the database to the newest form."""
    Path(current_app.instance_path).mkdir(parents=True, exist_ok=True)
    command.upgrade(alembic_config(), "head")
    click.echo("The database is up to date.")


@registry.command("new-migration")
@click.argument("message")
def new_migration(message: str) -> None:
    """Write a migration from the difference between the models and the database."""
    command.revision(alembic_config(), message, autogenerate=True)
