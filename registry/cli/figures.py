"""The figures that leaders see against the records that they are made of. 统计核对命令."""

from itertools import islice

import click

from ..core.dates import today
from ..dashboards.services import checking
from ..dashboards.services.following import turn_the_day
from .group import fail, registry

SHOWN = 20


@registry.command("check-figures")
@click.option("--repair", is_flag=True, help="Make what is out of step anew.")
def check_figures(repair: bool) -> None:
    """Work the figures of the overview out anew from the records and compare; exit 1 where something differs."""
    turn_the_day(today())
    if repair:
        click.echo(f"{checking.repair()} records are in step.")
        return
    found = list(islice(checking.differences(), SHOWN + 1))
    for one in found[:SHOWN]:
        click.echo(f"{one.where}: kept {one.kept}, should be {one.wanted}", err=True)
    if found:
        more = " and more" if len(found) > SHOWN else ""
        raise fail(f"{len(found[:SHOWN])}{more} are out of step; --repair makes them anew.")
    click.echo("OK: the figures are what the records add up to.")
