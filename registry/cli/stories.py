"""The news stories that the registry grew from, as records."""

import click

from ..accounts import queries
from ..accounts.models import User
from ..core.errors import RegistryError
from ..core.instance import settings
from ..stories.keeping import Load
from ..stories.load import load_stories as load
from .group import fail, registry

DEMO_BY, DEMO_CONFIRMED_BY = "liaoning.handler", "liaoning.section_head"


@registry.command("load-stories")
@click.option("--entered-by", default="", metavar="ACCOUNT", help="The handler who enters them and keeps the records.")
@click.option(
    "--confirmed-by",
    default="",
    metavar="ACCOUNT",
    help="The section head who confirms the historic agreements; without one they wait for confirmation.",
)
def load_stories(entered_by: str, confirmed_by: str) -> None:
    """Enter what five published news stories tell: agreements, mechanisms, activities, figures; each line once.

    In demo mode the province's demonstration handler enters and its section head confirms.
    """
    if settings().demo and not entered_by:
        entered_by, confirmed_by = DEMO_BY, confirmed_by or DEMO_CONFIRMED_BY
    if not entered_by:
        raise fail("Say who enters them: --entered-by ACCOUNT.")
    try:
        run, confirmed = load(_account(entered_by), _account(confirmed_by) if confirmed_by else None)
    except RegistryError as error:
        raise fail(error.message.english) from error
    _tell(run, confirmed)


def _account(name: str) -> User:
    found = queries.find_by_account(name)
    if found is None:
        raise fail(f"There is no account {name}.")
    return found


def _tell(run: Load, confirmed: int) -> None:
    click.echo(f"{'':16}{'entered':>9}{'there before':>14}")
    for name, tally in run.tallies.items():
        click.echo(f"{name:16}{tally.added:9}{tally.present:14}")
    click.echo(f"{confirmed} agreements confirmed")
    if not any(tally.added for tally in run.tallies.values()):
        click.echo("Everything was there already.")
