"""Fonts and certificates."""

import click

from ..core.db import transaction
from ..documents import services
from ..documents.authority import NoAuthority, make_development_authority
from ..documents.fonts.build import build_fonts
from ..documents.fonts.sources import FontsMissing
from ..documents.places import places
from .database import newest_revision, present_revision
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
    """Make what is missing of the development certificates; for demonstrations only."""
    where = places()
    if not (where.demo or force):
        raise fail("Development certificates are for demo mode; set REGISTRY_SIGNING_PKCS12, or use --force")
    try:
        made = make_development_authority(where.keys)
    except NoAuthority as error:
        raise fail(str(error)) from error
    if made:
        click.echo(f"DEVELOPMENT certificates are in {where.keys}.")
    else:
        click.echo(f"{where.keys} holds the authority's keys already; nothing was changed.")
    if where.demo and present_revision() == newest_revision():
        certify_organisations()


def certify_organisations() -> None:
    """Issue a development certificate to every organisation that has a signatory and none that can be used."""
    with transaction():
        issued = services.issue_where_missing()
    for certificate in issued:
        click.echo(f"DEVELOPMENT certificate for {certificate.subject}")
