"""The first administrators, and the way back in for whoever runs the server. 账户命令."""

import click
from flask import current_app
from sqlalchemy import and_, select

from ..accounts import queries
from ..accounts.services import first, users
from ..core.db import transaction
from ..core.errors import RegistryError
from ..organisations.models import Organisation, OrganisationKind, Region
from ..organisations.queries import lookup
from .group import fail, registry


@registry.command()
@click.option("--organisation", default="", help="Name of theirs; the provincial HR department if not given.")
def init(organisation: str) -> None:
    """Make the first administrators and print their one-time links. Refuses when there are administrators."""
    chosen = _organisation(organisation)
    try:
        with transaction():
            made = [(user.account, user.name, token) for user, token in first.make_administrators(chosen)]
    except RegistryError as error:
        raise fail(error.message.english) from error
    click.echo("Each link sets a password once, within 24 hours. They are not shown again.")
    for account, name, token in made:
        click.echo(f"{account}  {name}\n    {address(token)}")


@registry.command("reset-password")
@click.argument("account")
def reset_password(account: str) -> None:
    """End an account's password and sessions and print a one-time link: for when no system administrator can."""
    try:
        with transaction():
            user = queries.find_by_account(account)
            if user is None:
                raise fail(f"There is no account {account}.")
            token = users.renew_link(None, user)
    except RegistryError as error:
        raise fail(error.message.english) from error
    click.echo(f"This link sets a password once; it is not shown again.\n    {address(token)}")


def address(token: str) -> str:
    """The one-time link, as the browsers of this installation reach it."""
    path = current_app.url_map.bind("").build("accounts.redeem", {"token": token})
    return f"{current_app.extensions['settings'].public_url}{path}"


def _organisation(name: str) -> str:
    """Public id of the named organisation, else of the HR department of the province whose localities report here."""
    if name:
        found = [candidate for candidate in [lookup.find_by_name(name).certain] if candidate]
    else:
        provinces = select(Region.parent_code).where(Region.is_reporting_locality)
        found = lookup.choices_where(
            and_(Organisation.kind == OrganisationKind.HR_DEPARTMENT, Organisation.region_code.in_(provinces))
        )
    if len(found) != 1:
        raise fail("Name their organisation with --organisation; load the reference data first if there is none.")
    return found[0].public_id
