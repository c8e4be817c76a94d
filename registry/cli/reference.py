"""Reference data: regions, organisations, industry sections, working days."""

import click

from ..core.db import transaction
from ..organisations.services import reference
from .group import registry


@registry.command("load-reference")
def load_reference() -> None:
    """Load or update the reference data that comes with the registry; what people edited is left alone."""
    with transaction():
        tallies = reference.load_reference()
    for tally in tallies:
        click.echo(
            f"{tally.name}: {tally.added} added, {tally.changed} changed, {tally.unchanged} unchanged, "
            f"{tally.kept} kept as edited here"
        )
