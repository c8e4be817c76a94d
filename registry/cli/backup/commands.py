"""`flask registry backup` and `restore`. 备份命令."""

from pathlib import Path

import click

from ..group import fail, registry
from . import archive
from . import restore as restoring
from .dump import DumpFailed
from .manifest import BadBackup, Manifest

PATH = click.Path(path_type=Path, resolve_path=True)
TROUBLE = (BadBackup, DumpFailed, restoring.NotEmpty, OSError)


@registry.command()
@click.argument("target", type=PATH)
@click.option("--with-keys", is_flag=True, help="Put the secret keys in as well; keep such a file under lock.")
@click.option("--check", is_flag=True, help="Look whether the file TARGET could be restored; nothing is written.")
def backup(target: Path, *, with_keys: bool, check: bool) -> None:
    """Write everything into the new file TARGET, or into a file named by the moment in the folder TARGET.

    The registry goes on meanwhile. Keys are left out: they belong in a safe of their own, so that a stolen backup
    shows no phone number and signs nothing. They are `keys/`, `secret_key` and `data.key` of the instance folder.
    """
    try:
        path = target if check else archive.back_up(target, with_keys=with_keys)
        found = archive.check(path)
    except TROUBLE as error:
        raise fail(f"{'It could not be restored' if check else 'No backup was made'}: {error}") from error
    click.echo(f"{path}: {_described(found)}")


@registry.command()
@click.argument("file", type=PATH)
def restore(file: Path) -> None:
    """Restore the backup FILE into an empty place, and verify its audit chain."""
    try:
        found, verdict = restoring.restore(file)
    except TROUBLE as error:
        raise fail(f"Nothing was restored: {error}") from error
    if verdict.problem is not None:
        raise fail(f"Restored, but the audit chain is bad at {verdict.bad_seq}: {verdict.problem.english}.")
    if verdict.events != found.audit_seq:
        raise fail(f"Restored, but with {verdict.events} audit entries instead of {found.audit_seq}.")
    click.echo(f"Restored {_described(found)}. The audit chain is good.")
    if not found.has_keys:
        click.echo("Keys were not in it: put keys/, secret_key and data.key back into the instance folder.")
    click.echo("Now run: flask registry migrate")


def _described(found: Manifest) -> str:
    files = sum(name.startswith("files/") for name in found.members)
    return f"{found.database} of {found.made_at}, {found.audit_seq} audit entries, {files} stored files"
