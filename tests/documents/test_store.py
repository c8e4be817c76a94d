"""Stored files: once by digest, whole or not at all, checked when they are read."""

import hashlib
import stat
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.core.db import db, transaction
from registry.documents import store
from registry.documents.models import StoredFile
from registry.documents.places import places
from registry.documents.store import Damaged, FileStore

BYTES = b"%PDF-1.7 a file"
SHA256 = hashlib.sha256(BYTES).hexdigest()


def path_of(digest: str) -> Path:
    """Where the present application keeps these bytes."""
    return FileStore(places().files).path(digest)


def test_what_is_saved_can_be_read(app: Flask) -> None:
    with transaction():
        file = store.save(BYTES, "application/pdf")
    assert store.read(file) == BYTES
    assert (file.sha256, file.size, file.media_type) == (SHA256, len(BYTES), "application/pdf")
    assert file.created_at.tzinfo


def test_sm3_stands_beside_sha256(app: Flask) -> None:
    """The example of GB/T 32905-2016; empty where OpenSSL was built without it."""
    example = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert store.sm3(b"abc") == (example if store.HAS_SM3 else "")


def test_the_same_bytes_are_kept_once(app: Flask) -> None:
    with transaction():
        first = store.save(BYTES, "application/pdf")
    with transaction():
        second = store.save(BYTES, "application/pdf")
    assert first.id == second.id
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_a_row_that_somebody_else_added_meanwhile_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        first = store.save(BYTES, "application/pdf")
    monkeypatch.setattr(store, "_find", lambda _digest: None)
    with transaction():
        second = store.register(store.put(BYTES, "application/pdf"))
    assert second.id == first.id


def test_files_lie_by_digest_and_only_the_owner_reads_them(app: Flask) -> None:
    with transaction():
        file = store.save(BYTES, "application/pdf")
    path = path_of(file.sha256)
    assert path.relative_to(places().files) == Path(SHA256[:2], SHA256[2:4], SHA256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400


def test_nothing_half_written_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError("no space left on device")

    fresh = b"other bytes"
    monkeypatch.setattr("registry.documents.store.os.fsync", full)
    with pytest.raises(OSError, match="no space"), transaction():
        store.save(fresh, "application/pdf")
    assert not path_of(hashlib.sha256(fresh).hexdigest()).exists()
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_changed_bytes_are_noticed(app: Flask) -> None:
    with transaction():
        file = store.save(b"will be damaged", "application/pdf")
    path = path_of(file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"will be Damaged")
    with pytest.raises(Damaged, match=file.sha256):
        store.read(file)
    path.unlink()
    with pytest.raises(Damaged, match="missing"):
        store.read(file)


def test_a_rolled_back_row_leaves_bytes_that_are_found_again(app: Flask) -> None:
    with transaction():
        store.save(b"kept", "application/pdf")
        db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    with transaction():
        assert store.read(store.save(b"kept", "application/pdf")) == b"kept"
