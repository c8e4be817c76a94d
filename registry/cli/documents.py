"""Fonts and certificates."""

import click

from ..documents.authority import AlreadyThere, make_development_authority
from ..documents.fonts.build import build_fonts
from ..documents.fonts.sources import FontsMissing
from ..documents.places import places
from .group import fail, registry


@registry.command("build-fonts")
def build_fonts_command() -> None:
    """Make the small fonts that the PDF documents use."""
    try:
        made = build_fonts(places().fonts, click.echo)
    except FontsMissing as missing:
        raise fail(str(missing)) from missing
    for warning in made.warnings:
        click.echo(f"Warning: {warning}")


@registry.command("dev-ca")
@click.option("--force", is_flag=True, help="Make it outside demo mode as well.")
def dev_ca(force: bool) -> None:
    """Make development certificates to sign documents with; for demonstrations only."""
    where = places()
    if not (where.demo or force):
        raise fail("Development certificates are for demo mode; set REGISTRY_SIGNING_PKCS12, or use --force")
    try:
        make_development_authority(where.keys)
    except AlreadyThere:
        click.echo(f"{where.keys} holds keys already; nothing was changed.")
        return
    click.echo(f"DEVELOPMENT certificates are in {where.keys}.")
