"""Gives the commands to the application. Each module registers its commands when it is imported."""

from flask import Flask

from . import (
    accounts,
    audit,
    commitments,
    database,
    demo,
    documents,
    figures,
    jobs,
    prepare,
    reference,
    search,
    serve,
    stories,
    verify,
    verify_archive,
)
from .backup import commands as backup
from .group import registry

COMMAND_MODULES = (
    accounts, audit, backup, commitments, database, demo, documents, figures, jobs, prepare, reference, search, serve,
    stories, verify, verify_archive,
)  # fmt: skip


def install(app: Flask) -> None:
    """Add `flask registry`."""
    app.cli.add_command(registry)
