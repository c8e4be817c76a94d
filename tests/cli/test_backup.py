"""Backup under load, wipe, restore: everything that was acknowledged before is there."""

import hashlib
import io
import json
import stat
import tarfile
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from registry.audit import checkpoints, services
from registry.audit.models import AuditHead
from registry.audit.verify import verify
from registry.cli.backup import archive, manifest
from registry.cli.backup.dump import DumpFailed, _program
from registry.cli.database import newest_revision
from registry.core.db import db, transaction
from registry.jobs import services as jobs
from registry.jobs.models import Job

from .conftest import run


def store(instance: Path, content: bytes) -> Path:
    """A stored file, as documents keeps it."""
    digest = hashlib.sha256(content).hexdigest()
    path = instance / "files" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def write(key: str) -> None:
    """A record with its event."""
    with transaction():
        jobs.enqueue("test", key)
        services.record(None, "test", reason=key)


@pytest.fixture
def filled(instance: Path) -> Path:
    """An installation with records, stored files, checkpoints and keys; its instance folder."""
    for number in range(5):
        write(f"before-{number}")
    checkpoints.checkpoint()
    store(instance, b"%PDF-1.7 scan")
    store(instance, b"another")
    (instance / "files" / "tmp123").write_bytes(b"half an upload")
    (instance / "secret_key").write_text("s" * 64)
    (instance / "data.key").write_text("d" * 44)
    return instance


@pytest.fixture
def saved(app: Flask, filled: Path, tmp_path: Path) -> Path:
    """A backup of it."""
    path = tmp_path / "backup.tar"
    result = run(app, "backup", path)
    assert result.exit_code == 0, result.output
    return path


def names(path: Path) -> set[str]:
    with tarfile.open(path) as found:
        return set(found.getnames())


def test_what_is_in_it(saved: Path, database_kind: str) -> None:
    found = names(saved)
    assert {"manifest.json", "checkpoints.jsonl", "keys/audit.pub"} <= found
    assert ("database.sqlite" if database_kind == "sqlite" else "database.dump") in found
    assert sum(name.startswith("files/") for name in found) == 2
    assert not found & {"keys/audit.key", "secret_key", "data.key"}
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    listed = archive.check(saved)
    assert (listed.migration, listed.audit_seq, listed.has_keys) == (newest_revision(), 5, False)
    assert listed.version


def test_keys_only_when_asked_for(app: Flask, filled: Path, tmp_path: Path) -> None:
    assert run(app, "backup", "--with-keys", tmp_path / "keys.tar").exit_code == 0
    assert {"keys/audit.key", "keys/audit.pub", "secret_key", "data.key"} <= names(tmp_path / "keys.tar")


def test_into_a_folder(app: Flask, filled: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups"
    target.mkdir()
    assert run(app, "backup", target).exit_code == 0
    (made,) = target.iterdir()
    assert made.name.startswith("registry-20")
    assert made.suffix == ".tar"


def test_nothing_is_overwritten(app: Flask, saved: Path) -> None:
    content = saved.read_bytes()
    result = run(app, "backup", saved)
    assert result.exit_code == 1
    assert "is there already" in result.output
    assert saved.read_bytes() == content


def test_a_backup_that_fails_leaves_nothing(
    app: Flask, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_target: Path) -> None:
        raise DumpFailed("pg_dump: no")

    monkeypatch.setattr("registry.cli.backup.dump.dump", broken)
    before = set(tmp_path.iterdir())
    result = run(app, "backup", tmp_path / "backup.tar")
    assert (result.exit_code, set(tmp_path.iterdir())) == (1, before)
    assert "pg_dump: no" in result.output


def test_restore_into_an_empty_place(app: Flask, bare: Flask, saved: Path, filled: Path) -> None:
    head = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    result = run(bare, "restore", saved)
    assert result.exit_code == 0, result.output
    assert "The audit chain is good" in result.output
    assert "Keys were not in it" in result.output
    place = Path(bare.instance_path)
    assert {path.name for path in place.glob("files/*/*/*")} == {path.name for path in filled.glob("files/*/*/*")}
    assert (place / "checkpoints.jsonl").read_bytes() == (filled / "checkpoints.jsonl").read_bytes()
    with bare.app_context():
        assert db.session.execute(select(AuditHead.seq, AuditHead.hash)).one() == head
        assert len(db.session.scalars(select(Job)).all()) == 5
        verdict = verify()
        assert (verdict.is_good, verdict.checkpoints) == (True, 1)


def test_what_was_restored_goes_on(bare: Flask, saved: Path) -> None:
    """New events follow, a new key signs, the old checkpoints count, and the tables refuse changes as before."""
    assert run(bare, "restore", saved).exit_code == 0
    with bare.app_context():
        write("afterwards")
        checkpoints.checkpoint()
        verdict = verify()
        assert (verdict.is_good, verdict.events, verdict.checkpoints) == (True, 6, 2)
        with pytest.raises(Exception, match="append-only"), transaction():
            db.session.execute(text("DELETE FROM audit_event"))
        db.session.remove()
    assert run(bare, "migrate").exit_code == 0


def test_keys_come_back(app: Flask, bare: Flask, filled: Path, tmp_path: Path) -> None:
    run(app, "backup", "--with-keys", tmp_path / "keys.tar")
    result = run(bare, "restore", tmp_path / "keys.tar")
    assert result.exit_code == 0
    assert "Keys were not in it" not in result.output
    place = Path(bare.instance_path)
    for name in ("keys/audit.key", "secret_key", "data.key"):
        assert (place / name).read_bytes() == (filled / name).read_bytes()
        assert stat.S_IMODE((place / name).stat().st_mode) == 0o600


def test_everything_acknowledged_before_is_in_a_backup_under_load(
    app: Flask, bare: Flask, filled: Path, tmp_path: Path
) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()

    def load(writer: int) -> None:
        with app.app_context():
            number = 0
            while not stop.is_set():
                store(filled, f"{writer}-{number}".encode())
                write(f"load-{writer}-{number}")
                acknowledged.append(f"load-{writer}-{number}")
                number += 1
            db.session.remove()

    writers = [threading.Thread(target=load, args=(writer,)) for writer in range(4)]
    for thread in writers:
        thread.start()
    while len(acknowledged) < 40:
        assert any(thread.is_alive() for thread in writers)
        stop.wait(0.01)
    before = set(acknowledged)
    path = archive.back_up(tmp_path / "under-load.tar")
    stop.set()
    for thread in writers:
        thread.join()
    result = run(bare, "restore", path)
    assert result.exit_code == 0, result.output
    with bare.app_context():
        keys = db.session.scalars(select(Job.key)).all()
        stored = {each.read_text() for each in Path(bare.instance_path).glob("files/*/*/*") if each.stat().st_size < 12}
        assert before <= set(keys)
        assert len(keys) == len(set(keys)) == verify().events
        assert {key.removeprefix("load-") for key in keys if key.startswith("load-")} <= stored


@pytest.mark.parametrize("there", ["tables", "files", "keys", "checkpoints"])
def test_only_into_an_empty_place(bare: Flask, saved: Path, there: str) -> None:
    place = Path(bare.instance_path)
    if there == "tables":
        assert run(bare, "migrate").exit_code == 0
    elif there == "checkpoints":
        (place / "checkpoints.jsonl").write_text("")
    else:
        (place / there).mkdir()
        (place / there / "x").write_text("x")
    before = sorted(path.name for path in place.iterdir())
    result = run(bare, "restore", saved)
    assert result.exit_code == 1
    assert "Nothing was restored" in result.output
    assert sorted(path.name for path in place.iterdir()) == before


def rewritten(path: Path, changes: dict[str, bytes | None]) -> Path:
    """A copy of the archive with other contents; None leaves a part out."""
    copy = path.with_name("rewritten.tar")
    with tarfile.open(path) as source, tarfile.open(copy, "w") as target:
        for entry in source:
            part = source.extractfile(entry)
            assert part is not None
            content = changes.get(entry.name, part.read())
            if content is not None:
                entry.size = len(content)
                target.addfile(entry, io.BytesIO(content))
        for name in set(changes) - set(source.getnames()):
            content = changes[name] or b""
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
    return copy


def listed(path: Path, **changes: object) -> bytes:
    """The manifest with other values."""
    with tarfile.open(path) as source:
        part = source.extractfile(manifest.NAME)
        assert part is not None
        return json.dumps(json.load(part) | changes).encode()


def refused(app: Flask, path: Path) -> str:
    """What `backup --check` says against it; restore says the same."""
    result = run(app, "backup", "--check", path)
    assert result.exit_code == 1
    assert "It could not be restored" in result.output
    return result.output


def test_check(app: Flask, saved: Path) -> None:
    result = run(app, "backup", "--check", saved)
    assert (result.exit_code, "5 audit entries, 2 stored files" in result.output) == (0, True)
    assert set(saved.parent.iterdir()) >= {saved}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("checkpoints.jsonl", b"other"),
        ("checkpoints.jsonl", None),
        ("keys/audit.pub", b"other"),
        ("manifest.json", None),
        ("manifest.json", b"nonsense"),
        ("manifest.json", b'{"members": {}}'),
        ("../outside", b"x"),
        ("/etc/cron.d/x", b"x"),
        ("files/ab/cd/" + "a" * 64, b"x"),
        ("secret_key", b"another's secret"),
    ],
)
def test_a_changed_part_is_named(app: Flask, bare: Flask, saved: Path, name: str, content: bytes | None) -> None:
    changed = rewritten(saved, {name: content})
    said = refused(app, changed)
    assert name in said or "manifest" in said
    assert run(bare, "restore", changed).exit_code == 1
    assert not (Path(bare.instance_path) / "files").exists()


def test_a_stored_file_that_is_not_what_its_name_says(app: Flask, saved: Path) -> None:
    with tarfile.open(saved) as found:
        name = next(each for each in found.getnames() if each.startswith("files/"))
    values = json.loads(listed(saved))
    values["members"][name] = {"sha256": hashlib.sha256(b"forged").hexdigest(), "size": 6}
    forged = rewritten(saved, {name: b"forged", manifest.NAME: json.dumps(values).encode()})
    assert "not what its name says" in refused(app, forged)


def test_links_are_not_followed(app: Flask, saved: Path, tmp_path: Path) -> None:
    with tarfile.open(saved, "a") as archived:
        entry = tarfile.TarInfo("secret_key")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archived.addfile(entry)
    assert "secret_key" in refused(app, saved)


def test_half_a_file(app: Flask, saved: Path) -> None:
    content = saved.read_bytes()
    saved.write_bytes(content[: len(content) // 2])
    refused(app, saved)
    saved.write_bytes(b"no archive at all" * 100)
    refused(app, saved)
    saved.unlink()
    refused(app, saved)


def test_a_damaged_database_inside(app: Flask, saved: Path, database_kind: str) -> None:
    values = json.loads(listed(saved))
    name = "database.sqlite" if database_kind == "sqlite" else "database.dump"
    values["members"][name] = {"sha256": hashlib.sha256(b"x" * 5000).hexdigest(), "size": 5000}
    damaged = rewritten(saved, {name: b"x" * 5000, manifest.NAME: json.dumps(values).encode()})
    refused(app, damaged)


def test_backups_of_newer_versions_and_other_kinds(app: Flask, bare: Flask, saved: Path, database_kind: str) -> None:
    for changes, said in (
        ({"format": 2}, "does not know"),
        ({"migration": "9999"}, "newer version" if database_kind == "postgresql" else ""),
        ({"database": "oracle"}, "no database in it"),
    ):
        result = run(bare, "restore", rewritten(saved, {manifest.NAME: listed(saved, **changes)}))
        assert result.exit_code == 1
        assert said in result.output


@pytest.mark.only("sqlite")  # a dump cannot be read without restoring it; restore compares
def test_a_manifest_of_another_database(app: Flask, saved: Path) -> None:
    forged = rewritten(saved, {manifest.NAME: listed(saved, audit_seq=4)})
    assert "another database" in refused(app, forged)


def test_programs_that_are_missing(app: Flask, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.cli.backup.dump.PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DumpFailed, match="postgresql-client"):
        _program("pg_dump")
