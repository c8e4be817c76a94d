"""The machine-readable record inside the PDF: how it is written, read back, and checked by itself. 机读记录.

Its form is `agreement-record-1.json`, a JSON Schema that the application publishes and the record names.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..core.i18n import Message, msg
from ..documents.data import LARGEST_RECORD
from . import content
from .models import Agreement, AgreementRevision

SCHEMA_FILE = Path(__file__).with_name("agreement-record-1.json")
SCHEMA_PATH = f"/schemas/{SCHEMA_FILE.name}"
SCHEMA_KEY = "$schema"
DEEPEST = 32
IDENTIFIER = re.compile("[0-9A-Z]{26}")

UNREADABLE = msg("The machine-readable record inside the file cannot be read")
OTHER_DIGEST = msg("The content inside the record does not have the digest that the record names: it was changed")
UNKNOWN_FORM = msg("The record is of a form that this registry does not know")
TWICE = msg("The record names a field more than once")


def record_of(agreement: Agreement, revision: AgreementRevision, public_url: str) -> bytes:
    """The record that goes into the PDF: content, digest, number, registry id; sorted JSON, in lines."""
    record = {
        SCHEMA_KEY: f"{public_url}{SCHEMA_PATH}",
        "registry_id": agreement.public_id,
        "number": agreement.number,
        "revision": revision.no,
        "hash_version": revision.hash_version,
        "content_sha256": revision.content_sha256,
        "content": revision.content,
    }
    return json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).encode()


@cache
def schema_bytes() -> bytes:
    """The JSON Schema as it is published."""
    return SCHEMA_FILE.read_bytes()


@dataclass(frozen=True)
class Reading:
    """A record from a file: its fields (empty when it cannot be read), and what speaks against it by itself."""

    fields: Mapping[str, Any]
    faults: tuple[Message, ...] = ()

    @property
    def registry_id(self) -> str:
        """The agreement that it claims to be; "" for what is no identifier."""
        found = self.fields.get("registry_id")
        return found if isinstance(found, str) and IDENTIFIER.fullmatch(found) else ""


def read(data: bytes) -> Reading:
    """Read a record that may be hostile, and compute its digest anew.

    A record that is whole in itself may still be made up: only the registry, or a signature, says that it is genuine.
    """
    if len(data) > LARGEST_RECORD:
        return Reading({}, (UNREADABLE,))
    repeated: list[str] = []
    try:
        found = json.loads(data, object_pairs_hook=lambda pairs: _object(pairs, repeated), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return Reading({}, (UNREADABLE,))
    if not isinstance(found, dict) or _is_deeper(found, DEEPEST):
        return Reading({}, (UNREADABLE,))
    faults = (TWICE,) if repeated else ()
    return Reading(found, faults + _faults(found))


def _faults(record: Mapping[str, Any]) -> tuple[Message, ...]:
    if record.get("hash_version") != content.HASH_VERSION:
        return (UNKNOWN_FORM,)
    try:
        return () if content.digest(record["content"]) == record.get("content_sha256") else (OTHER_DIGEST,)
    except (KeyError, TypeError, UnicodeEncodeError):
        return (OTHER_DIGEST,)


def _object(pairs: list[tuple[str, Any]], repeated: list[str]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        repeated.append(pairs[0][0])
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether anything lies deeper than so many levels; looks no further than that."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels == 0 or any(_is_deeper(one, levels - 1) for one in inner)
