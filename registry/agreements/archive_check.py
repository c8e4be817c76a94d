"""Checks an archive package by itself: its members, manifests, metadata, record and signed files. 归档包核验.

The package may be hostile: it is read within limits, and its XML without entities, DTD or network.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from ..core.i18n import Message, msg
from ..documents.store import HAS_SM3
from ..documents.verdicts import CertificateFacts, State, Trust
from . import offline, record
from .archive_metadata import NAMESPACE, schema_bytes
from .archive_package import MANIFESTS, METADATA, RECORD, SCHEMA, SHA256, digest
from .models import DocumentKind

MOST_MEMBERS, MOST_BYTES = 1_000, 1 << 30
NAME = re.compile(r"(?!/)(?!.*\.\.)[A-Za-z0-9._/-]+")
LINE = re.compile(r"([0-9a-f]{64})  (.+)")
CLOSED = (DocumentKind.REGISTRY_COPY, DocumentKind.SIGNED_AGREEMENT)
BY_ITSELF = msg(
    "The package agrees with itself; that nobody made it anew, its digest tells: compare it with the archive card"
)
NO_SM3 = msg("This system cannot compute SM3; only SHA-256 was checked")
Members = Mapping[str, bytes]


@dataclass(frozen=True)
class Checked:
    """The verdict with reasons; `files` says of each file that the registry closed what its signatures are worth."""

    state: State
    reasons: tuple[Message, ...]
    notes: tuple[Message, ...] = ()
    files: tuple[tuple[str, State], ...] = ()


class _Refused(Exception):
    """What makes further looking useless."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.key)
        self.reason = reason


def check(data: bytes, trust: Trust, own: CertificateFacts | None = None) -> Checked:
    """Check a package; `trust` and `own` as for `offline.examine`.

    Raises Unavailable when too many files are being judged.
    """
    try:
        members = _members(data)
        wrong = [*_manifests(members)]
        metadata = _metadata(members)
    except _Refused as refused:
        return Checked(State.INVALID, (refused.reason,))
    wrong += [*_digests(metadata, members), *_record(metadata, members)]
    if wrong:
        return Checked(State.INVALID, tuple(wrong))
    return _signed(metadata, members, trust, own)


def _members(data: bytes) -> dict[str, bytes]:
    """Raises _Refused for what is no such archive."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
            names = [one.filename for one in listed]
            if len(listed) > MOST_MEMBERS or sum(one.file_size for one in listed) > MOST_BYTES:
                raise _Refused(msg("The package is too large to be one of this registry's"))
            if len(set(names)) < len(names) or not all(map(NAME.fullmatch, names)):
                raise _Refused(msg("The package has members that no archive package has"))
            return {one.filename: archive.read(one) for one in listed}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise _Refused(msg("The file is not a ZIP, or is damaged")) from error


def _manifests(members: Members) -> Iterator[Message]:
    if SHA256 not in members:
        raise _Refused(msg("%(name)s is missing", name=SHA256))
    for name, kind in MANIFESTS.items():
        if name in members and (kind != "sm3" or HAS_SM3):
            yield from _manifest(name, kind, members)


def _manifest(name: str, kind: str, members: Members) -> Iterator[Message]:
    lines = [LINE.fullmatch(line) for line in members[name].decode("utf-8", "replace").splitlines()]
    listed = {line[2]: line[1] for line in lines if line}
    if len(listed) < len(lines):
        yield msg("%(name)s cannot be read", name=name)
    for other in sorted(members.keys() - MANIFESTS.keys() - listed.keys()):
        yield msg("%(file)s does not stand in %(name)s", file=other, name=name)
    for other, expected in listed.items():
        if other not in members:
            yield msg("%(name)s is missing", name=other)
        elif digest(kind, members[other]) != expected:
            yield msg("%(file)s does not have the digest of %(name)s: it was changed", file=other, name=name)


def _metadata(members: Members) -> etree._Element:
    """Raises _Refused for metadata that do not fit the schema, which has to be the one that we know."""
    if METADATA not in members:
        raise _Refused(msg("%(name)s is missing", name=METADATA))
    if members.get(SCHEMA) != schema_bytes():
        raise _Refused(msg("The package brings another schema of its metadata than this registry knows"))
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(members[METADATA], safe)
        if root.getroottree().docinfo.doctype:
            raise _Refused(msg("The metadata do not fit their schema: %(reason)s", reason="DOCTYPE"))
        etree.XMLSchema(etree.fromstring(schema_bytes(), safe)).assertValid(root)
    except etree.LxmlError as error:
        raise _Refused(msg("The metadata do not fit their schema: %(reason)s", reason=str(error)[:200])) from error
    return root


def _digests(metadata: etree._Element, members: Members) -> Iterator[Message]:
    listed = {one.get("name", ""): one for one in metadata.iterfind("./{*}files/{*}file")}
    expected = members.keys() - MANIFESTS.keys() - {METADATA}
    for name in sorted(expected ^ listed.keys()):
        yield msg("%(file)s does not stand in %(name)s", file=name, name=METADATA)
    for name in sorted(expected & listed.keys()):
        one = listed[name]
        told = {"sha256": one.get("sha256"), **({"sm3": one.get("sm3")} if one.get("sm3") and HAS_SM3 else {})}
        if any(digest(kind, members[name]) != value for kind, value in told.items()):
            yield msg("%(file)s does not have the digest of %(name)s: it was changed", file=name, name=METADATA)


def _content(metadata: etree._Element) -> str:
    """The digest of the signed text; "" for a historic record."""
    for one in metadata.iterfind(f"./{{{NAMESPACE}}}relations/*[@type='revision']"):
        return str(one.get("contentSha256", ""))
    return ""


def _record(metadata: etree._Element, members: Members) -> Iterator[Message]:
    if not _content(metadata):
        return
    if RECORD not in members:
        yield msg("%(name)s is missing", name=RECORD)
        return
    reading = record.read(members[RECORD])
    yield from reading.faults
    if reading.fields.get("content_sha256") != _content(metadata):
        yield msg("The record is of another text than the metadata name")


def _signed(metadata: etree._Element, members: Members, trust: Trust, own: CertificateFacts | None) -> Checked:
    """What the signatures of the files that the registry closed are worth."""
    files, reasons = [], []
    for one in metadata.iterfind("./{*}files/{*}file"):
        if one.get("role") in CLOSED:
            name = one.get("name", "")
            found = offline.examine(members[name], trust, own)
            files.append((name, found.state))
            if record.read(found.verdict.record).fields.get("content_sha256") != _content(metadata):
                return Checked(State.INVALID, (msg("%(file)s holds another text than the metadata name", file=name),))
            if found.state is not State.VALID:
                reasons += [msg("%(file)s: %(reason)s", file=name, reason=reason) for reason in found.reasons]
    states = {state for _, state in files}
    state = next((one for one in (State.INVALID, State.UNDECIDED) if one in states), State.VALID)
    notes = (BY_ITSELF, *(() if HAS_SM3 else (NO_SM3,)))
    return Checked(state, tuple(reasons), notes, tuple(files))
