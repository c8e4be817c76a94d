"""What a backup holds and how each part must look. 备份清单."""

import configparser
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ...core.config import ROOT

NAME = "manifest.json"
FORMAT = 1
LARGEST = 64 * 1024 * 1024
# Nothing else is taken out of a backup, and nothing outside these names: an archive may come from anywhere.
ALLOWED = re.compile(
    r"manifest\.json|database\.(sqlite|dump)|checkpoints\.jsonl|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}"
    r"|keys/\w[\w.-]{0,99}|secret_key|data\.key"
)


class BadBackup(RuntimeError):
    """A file that is no backup, or a damaged one; the text names the part."""


@dataclass(frozen=True)
class Member:
    """One file in the backup: SHA-256 (hex) and bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """The list of parts, and where the installation stood."""

    format: int
    made_at: str
    version: str
    database: str
    migration: str
    audit_seq: int
    audit_hash: str
    has_keys: bool
    members: Mapping[str, Member]

    def to_bytes(self) -> bytes:
        """For the archive."""
        return json.dumps(asdict(self), indent=1).encode()


def parse(content: bytes) -> Manifest:
    """The manifest of an archive.

    Raises BadBackup.
    """
    try:
        values: dict[str, Any] = json.loads(content)
        values["members"] = {name: Member(**member) for name, member in values["members"].items()}
        found = Manifest(**values)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBackup("its manifest cannot be read") from error
    if found.format != FORMAT:
        raise BadBackup(f"it has the form {found.format}, which this version does not know")
    return found


def version() -> str:
    """The program's own version."""
    read = configparser.ConfigParser()
    read.read(ROOT / "setup.cfg", encoding="utf-8")
    return read.get("metadata", "version", fallback="")
