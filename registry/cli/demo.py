"""Demonstration data."""

import click

from ..core.instance import settings
from ..demo.ceremony import enter_ceremony
from ..demo.launch import enter_launch
from ..demo.people import ADMINISTRATION, BUSINESS, PASSWORD, is_made, make_people
from ..demo.states import enter_states
from ..demo.stories import AT_THE_TABLE, LAUNCHED, enter_stories, is_complete
from .documents import certify_organisations
from .group import fail, registry

INTERRUPTED = (
    "The demonstration data are incomplete: an earlier run was interrupted. To have all of them, empty the instance "
    "folder (not its README) and start again."
)


@registry.command()
def demo() -> None:
    """Fill an empty registry with fictional people and agreements, plainly marked (demo mode only)."""
    if not settings().demo:
        raise fail("Demonstration data are refused outside demo mode (REGISTRY_DEMO=1).")
    if is_made():
        click.echo("The demonstration data are there already." if is_complete() else INTERRUPTED)
    else:
        people = make_people()
        click.echo(f"{len(people)} people")
        certify_organisations()
        stories = enter_stories(people)
        enter_launch(people, stories[1:])
        made = [*stories, *enter_states(people).values()]
        enter_ceremony(people)
        click.echo(f"{len(made) + LAUNCHED + AT_THE_TABLE} agreements")
    tell_accounts()


def tell_accounts() -> None:
    """Print who can sign in."""
    click.echo(f"Password of every demonstration account: {PASSWORD}")
    for person in (*BUSINESS, *ADMINISTRATION):
        click.echo(f"  {person.account:24} {person.organisation} · {person.name}")
