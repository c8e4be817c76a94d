"""The way back, into an empty place only. 恢复."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from ...audit import checkpoints, keys, verify
from ...audit.verify import Verdict
from ...core.db import db
from ...core.instance import settings
from ..database import known_revisions
from . import archive, dump
from .manifest import BadBackup, Manifest

PRIVATE_MODE, PUBLIC_MODE, STORED_MODE = 0o600, 0o644, 0o400


class NotEmpty(RuntimeError):
    """There is something in the place that would be overwritten; the text names it."""


def restore(path: Path) -> tuple[Manifest, Verdict]:
    """Restore a backup and verify its audit chain.

    Everything is checked before anything is written; the database comes last, so that a restore that was interrupted
    can be seen, and begun again after clearing the place. Raises NotEmpty, BadBackup, DumpFailed, OSError.
    """
    instance = settings().instance
    instance.mkdir(parents=True, exist_ok=True)
    _refuse_what_is_there(instance)
    with TemporaryDirectory(dir=instance) as name:
        folder = Path(name)
        found = archive.unpack(path, folder)
        database = folder / dump.NAMES[found.database]
        _refuse_what_cannot_be(found, database)
        for part in sorted(found.members):
            if part != database.name:
                _put(folder / part, instance / part)
        _keep_public_key(instance)
        dump.load(database)
    db.engine.dispose()
    return found, verify.verify()


def _refuse_what_is_there(instance: Path) -> None:
    if not dump.is_empty():
        raise NotEmpty("the database has tables")
    for path in (instance / "files", instance / "keys", instance / checkpoints.FILE):
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise NotEmpty(f"{path} is there")


def _refuse_what_cannot_be(found: Manifest, database: Path) -> None:
    if found.database != dump.kind():
        raise BadBackup(f"it holds a {found.database} database, and this place has {dump.kind()}")
    if found.migration not in known_revisions():
        raise BadBackup(f"it was made by a newer version (form {found.migration!r}): install that version first")
    dump.check(database, found.database)


def _put(source: Path, target: Path) -> None:
    """Secrets that are there already (a new installation's own) give way: what was encrypted needs the old ones."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(source, _mode(target))
    with source.open("rb") as file:
        os.fsync(file.fileno())
    shutil.move(source, target)


def _mode(target: Path) -> int:
    if "files" in target.parts[-4:]:
        return STORED_MODE
    return PUBLIC_MODE if target.suffix == ".pub" else PRIVATE_MODE


def _keep_public_key(instance: Path) -> None:
    """Without its private half the old public key only verifies: it makes room for a new pair."""
    folder = instance / keys.FOLDER
    if (folder / keys.PUBLIC).exists() and not (folder / keys.PRIVATE).exists():
        keys.retire(folder / keys.PUBLIC)
