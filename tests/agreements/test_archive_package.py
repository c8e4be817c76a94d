"""The archive package as other programs see it (unzip, sha256sum, openssl, a schema validator), and tampered with."""

import hashlib
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select

from registry.agreements import archive_check, archive_jobs, archive_metadata, queries, record
from registry.agreements.archive_check import Checked
from registry.agreements.archive_dossier import dossier_of
from registry.agreements.archive_package import MANIFESTS, METADATA, RECORD, SCHEMA, SHA256, digest, package
from registry.agreements.models import ArchiveEntry, DocumentKind
from registry.agreements.services import archiving, clearance, lifecycle
from registry.audit.models import AuditEvent
from registry.audit.services import record as record_event
from registry.core.access.actions import Action
from registry.core.db import db, transaction
from registry.documents import store
from registry.documents.places import places
from registry.documents.store import Damaged, FileStore
from registry.documents.verdicts import State, own_certificate, own_trust
from registry.jobs import leases
from registry.jobs.models import Job, JobStatus
from registry.jobs.registry import GiveUp
from tests.agreements.archived import DETAILS, archived, entry_of, historic, packed, signed_papers
from tests.agreements.scene import Scene, make_scene
from tests.documents.tampering import replace_content

pytestmark = pytest.mark.usefixtures("fonts")


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


@pytest.fixture
def entry(scene: Scene) -> ArchiveEntry:
    """Filed; its package is not made yet."""
    return archived(scene, signed_papers(scene))


@pytest.fixture
def zipped(entry: ArchiveEntry) -> bytes:
    return packed(entry)


@pytest.fixture
def unpacked(zipped: bytes, tmp_path: Path) -> Path:
    """By another program, in a locale that knows no Chinese."""
    (tmp_path / "package.zip").write_bytes(zipped)
    run(tmp_path, "unzip", "-q", "package.zip", "-d", "out")
    return tmp_path / "out"


def run(where: Path, *command: str) -> str:
    """What a program prints; a failure fails the test."""
    told = subprocess.run(command, cwd=where, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, capture_output=True)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout.decode()


def members(data: bytes) -> dict[str, bytes]:
    """Names and bytes."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {one.filename: archive.read(one) for one in archive.infolist()}


def zipped_again(files: Mapping[str, bytes]) -> bytes:
    """The archive that a tamperer would make."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def manifests_anew(files: dict[str, bytes]) -> dict[str, bytes]:
    """With manifests that fit again."""
    inside = {name: data for name, data in files.items() if name not in MANIFESTS}
    lines = {
        name: "".join(f"{digest(kind, data)}  {other}\n" for other, data in sorted(inside.items())).encode()
        for name, kind in MANIFESTS.items()
    }
    return inside | lines


def everything_anew(files: dict[str, bytes]) -> dict[str, bytes]:
    """With metadata and manifests that fit again."""
    text = files[METADATA].decode()
    for name, data in files.items():
        for kind in MANIFESTS.values():
            pattern = rf'(<file name="{re.escape(name)}"[^>]*? {kind}=")[0-9a-f]{{64}}'
            text = re.sub(pattern, rf"\g<1>{digest(kind, data)}", text)
    return manifests_anew(files | {METADATA: text.encode()})


def checked(data: bytes) -> Checked:
    return archive_check.check(data, own_trust(), own_certificate())


def told(found: Checked) -> str:
    return " | ".join(reason.english for reason in found.reasons)


# By other programs


def test_sha256sum_agrees(unpacked: Path) -> None:
    said = run(unpacked, "sha256sum", "-c", "--strict", SHA256)
    inside = [one for one in unpacked.rglob("*") if one.is_file() and one.name not in MANIFESTS]
    assert said.count(": OK") == len(inside)


def test_sha256sum_notices_a_changed_byte(unpacked: Path) -> None:
    (unpacked / "dossier.txt").write_bytes((unpacked / "dossier.txt").read_bytes() + b" ")
    with pytest.raises(AssertionError):
        run(unpacked, "sha256sum", "-c", SHA256)


def test_openssl_agrees_with_the_sm3_manifest(unpacked: Path) -> None:
    for line in (unpacked / "manifest-sm3.txt").read_text().splitlines():
        expected, name = line.split("  ", 1)
        assert run(unpacked, "openssl", "dgst", "-sm3", "-r", name).split()[0] == expected


def test_unzip_finds_no_fault(zipped: bytes, tmp_path: Path) -> None:
    (tmp_path / "package.zip").write_bytes(zipped)
    assert "No errors detected" in run(tmp_path, "unzip", "-t", "package.zip")


def test_the_metadata_fit_the_schema_in_the_package(unpacked: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(unpacked / SCHEMA)))
    schema.assertValid(etree.parse(str(unpacked / METADATA)))


def test_openssl_reads_the_certificates(unpacked: Path) -> None:
    assert "DEVELOPMENT" in run(unpacked, "openssl", "x509", "-in", "trust/root-1.pem", "-noout", "-subject")
    run(unpacked, "openssl", "verify", "-CAfile", "trust/root-1.pem", "trust/registry.pem")


# What is inside


def test_the_seven_items_and_the_relations(zipped: bytes, entry: ArchiveEntry) -> None:
    root = etree.fromstring(members(zipped)[METADATA])
    names = {"m": archive_metadata.NAMESPACE}

    def texts(path: str) -> list[str]:
        return [one.text or "" for one in root.iterfind(path, names)]

    agreement, revision = entry.agreement, entry.revision
    assert revision
    assert texts("m:minimum/m:title") == [agreement.title_zh]
    assert texts("m:minimum/m:documentNumber") == [agreement.number]
    assert texts("m:minimum/m:responsible") == ["鞍山市人力资源和社会保障局", "西北工业大学"]
    assert texts("m:minimum/m:date") == [str(entry.signed_on)]
    assert texts("m:minimum/m:organisationOrSubject") == ["鞍山市人力资源和社会保障局　框架协议"]
    assert texts("m:minimum/m:retention") == ["永久"]
    assert texts("m:minimum/m:secrecy") == ["内部"]
    assert texts("m:entry/m:archiveNumber") == [DETAILS.number]
    relations = [(one.get("type"), one.get("target")) for one in root.iterfind("m:relations/m:relation", names)]
    assert relations == [("agreement", agreement.public_id), ("revision", revision.public_id)]


def test_every_paper_is_there_byte_for_byte(zipped: bytes, entry: ArchiveEntry) -> None:
    inside = members(zipped)
    papers = [row for row in queries.documents_of(entry.agreement) if not row.void_reason]
    kinds = {row.kind for row in papers}
    assert kinds == {
        DocumentKind.SIGNING_COPY,
        DocumentKind.SIGNED_FILE,
        DocumentKind.SIGNED_AGREEMENT,
        DocumentKind.PARTY_SCAN,
        DocumentKind.REGISTRY_COPY,
    }
    found = {hashlib.sha256(data).hexdigest() for name, data in inside.items() if name.startswith("files/")}
    assert found == {row.file.sha256 for row in papers}
    assert all(name.isascii() for name in inside)


def test_the_record_is_the_signed_text(zipped: bytes, entry: ArchiveEntry) -> None:
    reading = record.read(members(zipped)[RECORD])
    assert reading.faults == ()
    assert entry.revision
    assert reading.fields["content_sha256"] == entry.revision.content_sha256


def test_the_dossier_tells_the_owners_opinions_and_not_the_others(zipped: bytes, scene: Scene) -> None:
    inside = members(zipped)
    dossier, text = json.loads(inside["dossier.json"]), inside["dossier.txt"].decode()
    assert [one["step"] for one in dossier["steps"]] == ["section", "legal", "leader"]
    assert {one["by"] for one in dossier["steps"]}.isdisjoint(one.name for one in scene.university.people.values())
    assert "党组会纪要〔2026〕7号" in text
    assert [one["party"] for one in dossier["signatures"]] == ["鞍山市人力资源和社会保障局", "西北工业大学"]
    assert dossier["signatures"][0]["certificate"]
    assert dossier["signatures"][1]["seal"]["copies"] == 2
    assert "甲方：鞍山市人力资源和社会保障局" in text
    assert "用印登记" in text
    actions = {(one["action"], one["by"]) for one in dossier["events"]}
    assert ("agreement:clear", scene.bureau.leader.name) in actions
    assert ("agreement:clear", scene.university.section_head.name) not in actions


def test_the_change_log_carries_the_hashes_of_the_audit(zipped: bytes) -> None:
    events = json.loads(members(zipped)["dossier.json"])["events"]
    chain = {row.seq: row.hash for row in db.session.execute(select(AuditEvent.seq, AuditEvent.hash))}
    assert events
    assert all(chain[one["seq"]] == one["hash"] for one in events)
    assert all(one["hash"] in members(zipped)["dossier.txt"].decode() for one in events)


def test_no_address_and_no_download_is_told(scene: Scene) -> None:
    with transaction():
        agreement = historic(scene, source=b"%PDF source")
        record_event(scene.bureau.handler, Action.AGREEMENT_DOWNLOAD, agreement)
    events = archived(scene, agreement).dossier["events"]
    assert events
    assert all("address" not in one for one in events)
    assert "agreement:download" not in [one["action"] for one in events]


def test_the_readme_says_how_to_check_it_in_both_languages(zipped: bytes) -> None:
    text = members(zipped)["README.txt"].decode()
    for words in ("归档说明", "About this archive package", "sha256sum -c", "verify-archive", DETAILS.number):
        assert words in text


def test_a_historic_record_packs_its_source(scene: Scene) -> None:
    with transaction():
        agreement = historic(scene, source=b"%PDF source")
    inside = members(packed(archived(scene, agreement)))
    assert inside["files/01-source.pdf"] == b"%PDF source"
    assert RECORD not in inside
    assert checked(zipped_again(inside)).state is State.VALID


def test_characters_that_xml_cannot_hold_are_replaced(entry: ArchiveEntry) -> None:
    dossier = json.loads(json.dumps(entry.dossier))
    dossier["agreement"]["title_zh"] = "协议\x0c\ufffe<&>"
    made = archive_metadata.metadata_xml(dossier, [])
    assert etree.fromstring(made).findtext("{*}minimum/{*}title") == "协议\ufffd\ufffd<&>"


# The same bytes


def test_the_same_content_makes_the_same_package(zipped: bytes, entry: ArchiveEntry) -> None:
    files = {row.file.sha256: store.read(row.file) for row in queries.documents_of(entry.agreement)}
    assert package(entry.dossier, files) == zipped


def test_what_becomes_of_the_agreement_later_changes_nothing(scene: Scene, entry: ArchiveEntry) -> None:
    first = packed(entry)
    with transaction():
        entry.agreement.title_zh = "改了名的协议"
        scene.bureau.handler.name = "换了人"
        lifecycle.suspend(entry.agreement, "调整", scene.bureau.leader)
    archive_jobs.make_archive_package({"entry": entry.public_id, "again": True})
    assert entry.package
    assert store.read(entry.package) == first


def test_the_order_of_rows_is_the_dossiers(entry: ArchiveEntry) -> None:
    with db.session.no_autoflush:
        assert json.dumps(dossier_of(entry)["files"]) == json.dumps(entry.dossier["files"])


# Made by the worker


def test_the_package_is_noted_with_its_digests(zipped: bytes, entry: ArchiveEntry) -> None:
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == archiving.PACKAGE_MADE)).one()
    assert event.changes["sha256"] == [None, hashlib.sha256(zipped).hexdigest()]
    assert archiving.package_order(entry) is None


def test_a_package_is_made_once(zipped: bytes, entry: ArchiveEntry) -> None:
    packed(entry)
    archive_jobs.make_archive_package({"entry": entry.public_id, "again": True})
    assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.action == archiving.PACKAGE_MADE)).all()) == 1


def work() -> None:
    """Let the worker do what is due."""
    while leases.run_next():
        pass


def lose(entry: ArchiveEntry) -> Path:
    """Take a scan out of the store."""
    row = next(one for one in queries.documents_of(entry.agreement) if one.kind is DocumentKind.PARTY_SCAN)
    path = FileStore(places().files).path(row.file.sha256)
    path.rename(path.with_suffix(".away"))
    return path


def test_a_failure_takes_nothing_back_and_is_made_good(scene: Scene, entry: ArchiveEntry) -> None:
    path = lose(entry)
    with pytest.raises(Damaged):
        archive_jobs.make_archive_package({"entry": entry.public_id})
    db.session.rollback()
    work()
    job = db.session.scalars(select(Job).where(Job.kind == archiving.ARCHIVE_PACKAGE_JOB)).one()
    assert job.status in (JobStatus.QUEUED, JobStatus.FAILED)
    order = archiving.package_order(entry)
    assert order
    assert order.state.may_order
    assert entry.archived_at is not None
    path.with_suffix(".away").rename(path)
    with transaction():
        archiving.remake_package(entry, scene.bureau.handler)
    work()
    db.session.expire_all()
    assert entry.package
    assert archiving.package_order(entry) is None


def test_a_package_that_was_lost_comes_back(zipped: bytes, scene: Scene, entry: ArchiveEntry) -> None:
    work()
    assert entry.package
    FileStore(places().files).path(entry.package.sha256).unlink()
    with transaction():
        archiving.remake_package(entry, scene.bureau.handler)
    work()
    assert store.read(entry.package) == zipped


def test_another_package_does_not_take_its_place(
    zipped: bytes, entry: ArchiveEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_jobs, "package", lambda *_: b"PK another")
    with pytest.raises(GiveUp, match="no longer those"):
        archive_jobs.make_archive_package({"entry": entry.public_id, "again": True})


def test_nothing_is_made_of_what_is_not_filed(scene: Scene) -> None:
    with transaction():
        agreement = scene.in_force()
    with pytest.raises(GiveUp):
        archive_jobs.make_archive_package({"entry": entry_of(agreement).public_id})


# Checked by ourselves


def test_a_genuine_package_is_valid(zipped: bytes) -> None:
    found = checked(zipped)
    assert (found.state, found.reasons) == (State.VALID, ())
    assert {state for _, state in found.files} == {State.VALID}
    assert len(found.files) == 2


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    """A tamperer's change of one member."""
    return lambda files: files | {name: change(files[name])}


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {other: data for other, data in files.items() if other != name}


def one_of(kind: str, files: dict[str, bytes]) -> str:
    return next(name for name in files if kind in name)


def replaced_pdf(files: dict[str, bytes]) -> dict[str, bytes]:
    name = one_of("signed_agreement", files)
    return everything_anew(files | {name: replace_content(files[name])})


def other_record(files: dict[str, bytes]) -> dict[str, bytes]:
    changed = json.loads(files[RECORD])
    changed["content"]["title_zh"] = "另一份协议"
    return everything_anew(files | {RECORD: json.dumps(changed).encode()})


def entity(data: bytes) -> bytes:
    dtd = b'<!DOCTYPE archive [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<archive'
    return data.replace(b"<archive", dtd, 1).replace("永久".encode(), b"&x;", 1)


TAMPERED: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes]], str]] = {
    "a changed dossier": (edit("dossier.txt", lambda data: data + b" "), "dossier.txt does not have the digest"),
    "a changed scan": (lambda files: edit(one_of("party_scan", files), lambda data: data + b"\0")(files), "party_scan"),
    "manifests made anew": (
        lambda files: manifests_anew(edit("dossier.txt", lambda data: data + b" ")(files)),
        "does not have the digest of metadata.xml",
    ),
    "everything made anew around a PDF": (replaced_pdf, "signed_agreement"),
    "another record": (other_record, "does not have the digest that the record names"),
    "a missing member": (without("dossier.txt"), "dossier.txt is missing"),
    "an added member": (lambda files: files | {"extra.txt": b"x"}, "extra.txt does not stand in manifest-sha256.txt"),
    "an added member in fitting manifests": (
        lambda files: manifests_anew(files | {"extra.txt": b"x"}),
        "extra.txt does not stand in metadata.xml",
    ),
    "no manifest": (without(SHA256), "manifest-sha256.txt is missing"),
    "a manifest that is none": (edit(SHA256, lambda data: data + b"hello\n"), "manifest-sha256.txt cannot be read"),
    "no metadata": (lambda files: manifests_anew(without(METADATA)(files)), "metadata.xml is missing"),
    "no record": (lambda files: everything_anew(without(RECORD)(files)), "record/agreement.json"),
    "metadata beside the schema": (
        lambda files: manifests_anew(
            edit(METADATA, lambda data: data.replace(b'code="permanent"', b'code="y99"'))(files)
        ),
        "do not fit their schema",
    ),
    "an entity": (lambda files: manifests_anew(edit(METADATA, entity)(files)), "do not fit their schema"),
    "another schema": (
        lambda files: everything_anew(edit(SCHEMA, lambda data: data + b"\n")(files)),
        "another schema",
    ),
    "a name that leads out": (lambda files: files | {"../evil": b"x"}, "has members that no archive package has"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_package_fails(zipped: bytes, how: str) -> None:
    change, words = TAMPERED[how]
    found = checked(zipped_again(change(members(zipped))))
    assert found.state is State.INVALID
    assert words in told(found)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 10])
def test_what_is_no_zip_is_told(app: Flask, data: bytes) -> None:
    assert told(checked(data)) == "The file is not a ZIP, or is damaged"


def test_a_torn_zip_is_told(zipped: bytes) -> None:
    assert checked(zipped[: len(zipped) // 2]).state is State.INVALID


def test_a_flipped_byte_anywhere_is_found(zipped: bytes) -> None:
    start = zipped.index(b"dossier.txt") + 40
    flipped = zipped[:start] + bytes([zipped[start] ^ 1]) + zipped[start + 1 :]
    assert checked(flipped).state is State.INVALID


def test_a_bomb_is_not_unpacked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_check, "MOST_BYTES", 1_000)
    assert "too large" in told(checked(zipped_again({"a.txt": b"0" * 1_001})))


def test_strange_roots_leave_the_signatures_undecided(zipped: bytes) -> None:
    from_nobody = archive_check.check(zipped, type(own_trust())((), (), {}))
    assert from_nobody.state is not State.VALID


def test_opinions_that_sent_the_text_back_belong_to_it(scene: Scene) -> None:
    """They led to the text that was signed."""
    with transaction():
        agreement = scene.review()
        clearance.send_back(agreement, "第三条请补充", scene.bureau.section_head)
    steps = queries.owners_steps(agreement, agreement.revisions[-1], None)
    assert "第三条请补充" in [row.opinion for row in steps]
