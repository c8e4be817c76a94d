"""The ledger of commitments against what it is made of. 承诺台账核对命令."""

import click

from ..commitments.services import checking
from ..core.db import transaction
from .group import fail, registry

SHOWN = 20


@registry.command("check-totals")
@click.option("--repair", is_flag=True, help="Make what is out of step anew.")
def check_totals(repair: bool) -> None:
    """Work the sums of commitments out anew and compare; exit 1 where something differs."""
    if repair:
        with transaction():
            count = checking.put_right()
        click.echo(f"{count} periods are in step.")
        return
    different = 0
    for one in checking.compare():
        different += 1
        if different <= SHOWN:
            click.echo(f"{one.where}: kept {one.kept}, should be {one.wanted}", err=True)
    if different:
        raise fail(f"{different} rows are out of step; --repair makes them anew.")
    click.echo("OK: rows and sums are in step with the periods.")
