"""Gives the commands to the application. Each module registers its commands when it is imported."""

from flask import Flask

from . import database, reference, serve
from .group import registry

COMMAND_MODULES = (database, reference, serve)


def install(app: Flask) -> None:
    """Add `flask registry`."""
    app.cli.add_command(registry)
