"""Demonstration data."""

import click

from ..agreements.models import AgreementStatus
from ..core.instance import settings
from ..demo.absences import enter_absences
from ..demo.activities import enter_activities
from ..demo.bases import enter_bases
from ..demo.briefings import enter_briefings
from ..demo.ceremony import enter_ceremony
from ..demo.commitments import enter_commitments
from ..demo.cooperation import enter_cooperation
from ..demo.docking import enter_docking
from ..demo.launch import enter_launch
from ..demo.ledgers import enter_ledgers
from ..demo.life import enter_life
from ..demo.mechanisms import enter_mechanisms
from ..demo.messages import enter_messages
from ..demo.numbering import set_words
from ..demo.offices import enter_offices
from ..demo.papers import attach_papers
from ..demo.people import ADMINISTRATION, BUSINESS, PASSWORD, is_made, make_people
from ..demo.reminders import enter_reminders
from ..demo.states import enter_states
from ..demo.stories import AT_THE_TABLE, LAUNCHED, enter_stories, is_complete
from ..demo.tasks import enter_tasks
from ..demo.visits import enter_visits
from ..demo.workstations import enter_workstations
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
        set_words(people)
        enter_offices(people)
        stories = enter_stories(people)
        enter_launch(people)
        states = enter_states(people)
        enter_absences(people, states[AgreementStatus.REVIEW])
        made = [*stories, *states.values(), *enter_life(people), *enter_cooperation(people)]
        attach_papers(enter_ceremony(people), people)
        mechanisms = enter_mechanisms(people)
        enter_visits(people, states[AgreementStatus.IN_FORCE], mechanisms[-1])
        enter_activities(people, mechanisms)
        enter_tasks(people, states[AgreementStatus.IN_FORCE])
        stations = enter_workstations(people, states[AgreementStatus.IN_FORCE])
        enter_docking(people, states[AgreementStatus.IN_FORCE], stations[0])
        enter_commitments(people)
        enter_messages(people)
        enter_reminders(people, states[AgreementStatus.IN_FORCE])
        enter_bases(people)
        enter_ledgers(people)
        enter_briefings(people)
        click.echo(f"{len(made) + LAUNCHED + AT_THE_TABLE} agreements")
    tell_accounts()


def tell_accounts() -> None:
    """Print who can sign in."""
    click.echo(f"Password of every demonstration account: {PASSWORD}")
    for person in (*BUSINESS, *ADMINISTRATION):
        click.echo(f"  {person.account:24} {person.organisation} · {person.name}")
