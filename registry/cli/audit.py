"""Verifying and signing the audit chain. 审计命令."""

import click

from ..audit import checkpoints, verify
from .group import fail, registry


@registry.command("verify-audit")
def verify_audit() -> None:
    """Walk the audit chain; name the first bad entry and exit 1 if there is one."""
    verdict = verify.verify()
    if verdict.problem is not None:
        where = "Checkpoints" if verdict.bad_seq is None else f"Entry {verdict.bad_seq}"
        raise fail(f"{where}: {verdict.problem.english}. {verdict.events} entries before it are good.")
    click.echo(f"OK: {verdict.events} entries, {verdict.checkpoints} checkpoints.")


@registry.command()
def checkpoint() -> None:
    """Sign the audit chain as it stands, into checkpoints.jsonl of the instance folder."""
    try:
        signed = checkpoints.checkpoint()
    except (OSError, ValueError) as error:
        raise fail(f"The checkpoint could not be written: {error}") from error
    if signed is None:
        click.echo("Nothing has been recorded yet.")
        return
    click.echo(f"Entry {signed.seq} of {signed.time} is signed with key {signed.key}: {signed.hash}")
