"""The search index: made anew, and compared with the records. 检索索引命令."""

from itertools import islice

import click

from ..search.services import rebuilding
from .group import fail, registry

SHOWN = 20


@registry.command("rebuild-search")
@click.option("--check", is_flag=True, help="Only compare, change nothing; exit 1 if anything differs.")
def rebuild_search(check: bool) -> None:
    """Make the search index anew from the records; until it is done, less is found."""
    if check:
        _check()
        return
    for tally in rebuilding.rebuild():
        click.echo(f"{tally.kind}: {tally.entries}")


def _check() -> None:
    found = list(islice(rebuilding.differences(), SHOWN + 1))
    for one in found[:SHOWN]:
        click.echo(f"{one.kind} {one.record_id}: {one.problem}")
    if found:
        more = " and more" if len(found) > SHOWN else ""
        raise fail(f"{len(found[:SHOWN])}{more} entries differ; `flask registry rebuild-search` puts them right")
    click.echo("OK: the search index says what the records say.")
