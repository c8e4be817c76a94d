"""Everything before the first request, in one process: starting Python once for each step takes most of the time."""

import click

from ..core.instance import settings
from .database import migrate
from .demo import demo
from .documents import build_fonts_command, dev_ca
from .group import registry
from .reference import load_reference

STEPS = (
    ("Database", migrate),
    ("Reference data", load_reference),
    ("Fonts for the documents", build_fonts_command),
)
DEMO_STEPS = (
    ("Development certificates", dev_ca),
    ("Demonstration data", demo),
)


@registry.command()
@click.pass_context
def prepare(context: click.Context) -> None:
    """Do all that comes before the first request, with demo data in demo mode; what is there already stays."""
    for words, step in STEPS + (DEMO_STEPS if settings().demo else ()):
        click.secho(words, bold=True)
        context.invoke(step)
