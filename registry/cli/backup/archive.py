"""The archive: made beside its final name, each part with its digest, and checked whole. 备份文件."""

import hashlib
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from ...audit import checkpoints
from ...core.dates import now
from ...core.instance import settings
from . import dump, manifest
from .manifest import FORMAT, BadBackup, Manifest, Member

CHUNK = 1024 * 1024
PUBLIC_KEYS = "audit*.pub"
SECRETS = ("secret_key", "data.key")


def back_up(target: Path, *, with_keys: bool = False) -> Path:
    """Write everything into one file, readable by its owner alone, while the registry goes on; returns its path.

    `target` is a new file, or a folder for one named by the moment. The order matters: checkpoints first, so that none
    is newer than the database; files last, so that the database names none that is missing. Keys are left out unless
    wanted: without them a stolen backup shows no phone number and signs nothing. Raises DumpFailed, FileExistsError.
    """
    path = target / f"registry-{now():%Y%m%dT%H%M%SZ}.tar" if target.is_dir() else target
    if path.exists():
        raise FileExistsError(f"{path} is there already")
    part = path.with_name(path.name + ".part")
    try:
        with TemporaryDirectory(dir=path.parent) as folder, _private(part) as file:
            _write(file, Path(folder), with_keys=with_keys)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _write(file: IO[bytes], folder: Path, *, with_keys: bool) -> None:
    instance = settings().instance
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        adding = _Adding(archive)
        if (instance / checkpoints.FILE).exists():
            adding.add_bytes(checkpoints.FILE, (instance / checkpoints.FILE).read_bytes())
        dumped = folder / dump.NAMES[dump.kind()]
        state = dump.dump(dumped)
        adding.add_file(dumped.name, dumped)
        for path in _files(instance, with_keys=with_keys):
            adding.add_file(path.relative_to(instance).as_posix(), path)
        made = Manifest(
            FORMAT, now().isoformat(timespec="seconds"), manifest.version(), dump.kind(), state.migration, state.seq,
            state.hash, with_keys, adding.members,
        )  # fmt: skip
        adding.add_bytes(manifest.NAME, made.to_bytes())
    file.flush()
    os.fsync(file.fileno())


def _files(instance: Path, *, with_keys: bool) -> Iterator[Path]:
    """Stored files and public keys; with keys also everything secret."""
    found = [*instance.glob("files/*/*/*"), *instance.glob("keys/*" if with_keys else f"keys/{PUBLIC_KEYS}")]
    found += [instance / name for name in SECRETS if with_keys]
    for path in sorted(found):
        if path.is_file() and manifest.ALLOWED.fullmatch(path.relative_to(instance).as_posix()):
            yield path


@dataclass
class _Adding:
    """Adds parts and remembers their digests."""

    archive: tarfile.TarFile
    members: dict[str, Member] = field(default_factory=dict)

    def add_bytes(self, name: str, content: bytes) -> None:
        self.members[name] = Member(hashlib.sha256(content).hexdigest(), len(content))
        self.archive.addfile(_entry(name, len(content)), BytesIO(content))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            size = source.tell()
            source.seek(0)
            self.members[name] = Member(digest, size)
            self.archive.addfile(_entry(name, size), source)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(now().timestamp())
    return entry


def _private(path: Path) -> IO[bytes]:
    path.unlink(missing_ok=True)
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def unpack(path: Path, folder: Path) -> Manifest:
    """Take a backup apart into an empty folder, every part checked against the manifest.

    Raises BadBackup, with nothing to be trusted in the folder; OSError where there is no such file.
    """
    found: dict[str, Member] = {}
    content = b""
    try:
        with tarfile.open(path, mode="r:") as archive:
            for entry in archive:
                if not entry.isreg() or not manifest.ALLOWED.fullmatch(entry.name) or entry.name in found:
                    raise BadBackup(f"it holds {entry.name!r}, which no backup holds")
                if entry.name == manifest.NAME:
                    content = _content(archive, entry).read(manifest.LARGEST)
                else:
                    found[entry.name] = _take(_content(archive, entry), folder / entry.name)
    except (tarfile.TarError, EOFError) as error:
        raise BadBackup(f"it is no backup, or was cut off: {error}") from error
    if not content:
        raise BadBackup("it has no manifest: it is no backup, or was cut off")
    return _compared(manifest.parse(content), found)


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(entry)
    if content is None:
        raise BadBackup(f"{entry.name} has no content")
    return content


def _take(source: IO[bytes], target: Path) -> Member:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with _private(target) as copy:
        while chunk := source.read(CHUNK):
            copy.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Member(digest.hexdigest(), size)


def _compared(listed: Manifest, found: dict[str, Member]) -> Manifest:
    for name in sorted(set(listed.members) | set(found)):
        if listed.members.get(name) != found.get(name):
            state = "is missing" if name not in found else "is changed or not in the manifest"
            raise BadBackup(f"{name} {state}")
        if name.startswith("files/") and not name.endswith(found[name].sha256):
            raise BadBackup(f"{name} is not what its name says")
    if dump.NAMES.get(listed.database) not in found:
        raise BadBackup("there is no database in it")
    return listed


def check(path: Path) -> Manifest:
    """Look whether a backup could be restored, without restoring it.

    Raises BadBackup, DumpFailed, OSError.
    """
    with TemporaryDirectory(dir=path.parent) as folder:
        found = unpack(path, Path(folder))
        database = Path(folder) / dump.NAMES[found.database]
        dump.check(database, found.database)
        if found.database == "sqlite":
            _agree(found, dump.state_of_sqlite(database))
    return found


def _agree(listed: Manifest, state: dump.State) -> None:
    if (listed.migration, listed.audit_seq, listed.audit_hash) != (state.migration, state.seq, state.hash):
        raise BadBackup("its manifest speaks of another database")
