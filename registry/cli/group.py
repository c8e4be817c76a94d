"""The command group that every file here adds to."""

import click
from flask.cli import AppGroup

registry = AppGroup("registry", help="Run and look after the registry.")


def fail(message: str) -> click.ClickException:
    """An error to raise: printed without a traceback, exit status 1."""
    return click.ClickException(message)
