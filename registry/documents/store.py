"""Files by their digest: written once, never changed, checked whenever they are read. 文件存储.

`put` writes the bytes (slow: call it before the transaction), `register` adds the row, `save` does both. A file whose
transaction was rolled back stays on the disk and harms nobody: the same bytes find it again.
"""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ..core.dates import now
from ..core.db import db
from .models import StoredFile
from .places import places

HAS_SM3 = "sm3" in hashlib.algorithms_available


class Damaged(RuntimeError):
    """A stored file is missing or its bytes are not what was stored; the text names the digest."""


class Store(Protocol):
    """What keeps bytes by digest; a folder by default, an S3-compatible service elsewhere."""

    def write(self, sha256: str, data: bytes) -> None:
        """Keep the bytes for good before returning; the same digest twice is no error."""

    def load(self, sha256: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""


@dataclass(frozen=True)
class FileStore:
    """A folder, two levels deep by the digest's first four digits."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the bytes lie."""
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def write(self, sha256: str, data: bytes) -> None:
        """Write beside, flush to the disk, rename: a power cut leaves the whole file or none."""
        target = self.path(sha256)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=target.parent, delete=False) as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        os.chmod(part.name, 0o400)
        os.replace(part.name, target)
        for folder in (target.parent, target.parent.parent, self.folder):
            _flush_folder(folder)

    def load(self, sha256: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self.path(sha256).read_bytes()


@dataclass(frozen=True)
class Kept:
    """Bytes that are in the store, before there is a row for them."""

    sha256: str
    sm3: str
    size: int
    media_type: str


def put(data: bytes, media_type: str) -> Kept:
    """Write the bytes to the store."""
    kept = Kept(hashlib.sha256(data).hexdigest(), sm3(data), len(data), media_type)
    _store().write(kept.sha256, data)
    return kept


def register(kept: Kept) -> StoredFile:
    """The row of these bytes: the one there is, else a new one in the present transaction."""
    present = _find(kept.sha256)
    if present:
        return present
    row = StoredFile(sha256=kept.sha256, sm3=kept.sm3, size=kept.size, media_type=kept.media_type, created_at=now())
    with suppress(IntegrityError), db.session.begin_nested():
        db.session.add(row)
        db.session.flush()
        return row
    return db.session.execute(select(StoredFile).where(StoredFile.sha256 == kept.sha256)).scalar_one()


def save(data: bytes, media_type: str) -> StoredFile:
    """Write the bytes and add their row to the present transaction."""
    return register(put(data, media_type))


def read(file: StoredFile) -> bytes:
    """The bytes of a stored file, checked against its digest. Raises Damaged."""
    try:
        data = _store().load(file.sha256)
    except FileNotFoundError as error:
        raise Damaged(f"stored file {file.sha256} is missing") from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise Damaged(f"stored file {file.sha256} does not hold the bytes that were stored")
    return data


def sm3(data: bytes) -> str:
    """The SM3 digest (GB/T 32905-2016) where OpenSSL has it, else empty."""
    return hashlib.new("sm3", data).hexdigest() if HAS_SM3 else ""


def _find(sha256: str) -> StoredFile | None:
    return db.session.execute(select(StoredFile).where(StoredFile.sha256 == sha256)).scalar_one_or_none()


def _store() -> Store:
    return FileStore(places().files)


def _flush_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
