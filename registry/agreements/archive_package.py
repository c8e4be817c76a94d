"""The archive package: one ZIP that is checked without this registry. 归档包.

The same dossier and the same files make the same bytes: names in order, one moment, nothing compressed. Names are plain
ASCII, so that every program unpacks them as they stand in the manifests.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from ..core.dates import SHANGHAI
from ..core.i18n import speaking
from ..documents.package import PackedFile, entry_of
from ..documents.store import HAS_SM3
from . import archive_metadata, archive_words, record

README, METADATA, SCHEMA = "README.txt", "metadata.xml", archive_metadata.SCHEMA_FILE.name
DOSSIER, DOSSIER_TEXT = "dossier.json", "dossier.txt"
RECORD, RECORD_SCHEMA = "record/agreement.json", f"record/{record.SCHEMA_FILE.name}"
SHA256, SM3 = "manifest-sha256.txt", "manifest-sm3.txt"
MANIFESTS = {SHA256: "sha256", SM3: "sm3"}
MEDIA_TYPE = "application/zip"


def package(dossier: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The ZIP; `files` gives the bytes of the dossier's files by SHA-256.

    Raises KeyError for one that is not there.
    """
    with speaking("zh"):
        listed = sorted(_members(dossier, files), key=lambda one: one.name)
        digests = [(one.name, len(one.data), one.sha256, one.sm3) for one in listed]
        metadata = PackedFile(METADATA, archive_metadata.metadata_xml(dossier, digests))
    members = sorted([*listed, metadata], key=lambda one: one.name)
    members += [PackedFile(name, _manifest(members, kind)) for name, kind in MANIFESTS.items() if _is_known(kind)]
    moment = datetime.fromisoformat(dossier["archive"]["archived_at"]).astimezone(SHANGHAI)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for one in members:
            archive.writestr(entry_of(one.name, moment), one.data)
    return target.getvalue()


def digest(kind: str, data: bytes) -> str:
    """SHA-256 or SM3 in hexadecimal."""
    return hashlib.new(kind, data).hexdigest()


def _is_known(kind: str) -> bool:
    """SM3 is missing where OpenSSL was built without it."""
    return kind != "sm3" or HAS_SM3


def _manifest(members: Sequence[PackedFile], kind: str) -> bytes:
    """As `sha256sum -c` reads it."""
    return "".join(f"{digest(kind, one.data)}  {one.name}\n" for one in members).encode()


def _members(dossier: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[PackedFile]:
    yield PackedFile(README, archive_words.readme(dossier).encode())
    yield PackedFile(SCHEMA, archive_metadata.schema_bytes())
    yield PackedFile(DOSSIER, json.dumps(dossier, ensure_ascii=False, sort_keys=True, indent=1).encode())
    yield PackedFile(DOSSIER_TEXT, archive_words.dossier_text(dossier).encode())
    if dossier["record"]:
        yield PackedFile(RECORD, dossier["record"].encode())
        yield PackedFile(RECORD_SCHEMA, record.schema_bytes())
    for one in dossier["files"]:
        yield PackedFile(one["name"], files[one["sha256"]])
    for one in dossier["trust"]:
        yield PackedFile(one["name"], one["pem"].encode())
