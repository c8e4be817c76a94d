"""Signed checkpoints outside the database: what the chain was at a moment, so that no tail can be cut off. 检查点.

One JSON object a line in `instance/checkpoints.jsonl`: {seq, hash, count, time, key, signature}; Ed25519 (RFC 8032)
over the canonical JSON of the first five. `key` names the public key that it was signed with.
"""

import fcntl
import json
import logging
import os
from base64 import b64decode, b64encode
from binascii import Error as BadEncoding
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature
from sqlalchemy import select

from ..core.access.actions import Action
from ..core.dates import now
from ..core.db import db
from ..core.instance import settings
from . import keys
from .chain import Link
from .models import AuditHead
from .plain import canonical, moment

FILE = "checkpoints.jsonl"
EVERY = 1_000
LONGEST_LINE = 1_000
SIGNINGS = frozenset({Action.AGREEMENT_SIGN, Action.AGREEMENT_RECORD_SIGNATURE, Action.AGREEMENT_COMPLETE_SIGNING})
SIGNED = ("seq", "hash", "count", "time", "key")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoint:
    """The chain's end at a moment (UTC): number and hash of its last event, and how many events there were."""

    seq: int
    hash: str
    count: int
    time: str
    key: str
    signature: str


class BadCheckpoint(ValueError):
    """A line of the file that was not written by this registry, or was changed since; the text says which and why."""


def checkpoint() -> Checkpoint | None:
    """Sign the chain as it stands, outside any transaction; an unchanged chain gives the last one again.

    None while there is no event. Raises OSError when the file cannot be written.
    """
    head = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    return write(head.seq, head.hash) if head.seq else None


def write(seq: int, digest: str) -> Checkpoint:
    """Append a checkpoint of a committed event, on the disk when this returns."""
    instance = settings().instance
    instance.mkdir(parents=True, exist_ok=True)
    with open(instance / FILE, "ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = _last(file)
        if last and last.seq >= seq:
            return last
        made = _signed({"seq": seq, "hash": digest, "count": seq, "time": moment(now()), "key": ""}, instance)
        file.write(canonical(made.__dict__).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return made


def _signed(values: dict[str, Any], instance: Path) -> Checkpoint:
    private = keys.private_key(instance)
    values["key"] = keys.fingerprint(private.public_key())
    return Checkpoint(**values, signature=b64encode(private.sign(canonical(values).encode())).decode())


def _last(file: IO[bytes]) -> Checkpoint | None:
    """The last whole line; half a line, left by a power cut before anybody was told of it, is cut off."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - LONGEST_LINE * 2))
    lines = file.read().split(b"\n")
    if lines[-1]:
        file.truncate(size - len(lines[-1]))
    try:
        return _parse(lines[-2]) if len(lines) > 1 else None
    except (ValueError, TypeError):
        return None  # somebody changed it: `read` says so, and new ones are written all the same


def on_link(link: Link) -> None:
    """After a commit: a checkpoint at each signing, and whenever another EVERY events are full.

    A failure is logged, the commit stands.
    """
    if link.before // EVERY == link.seq // EVERY and not link.actions & SIGNINGS:
        return
    try:
        write(link.seq, link.hash)
    except (OSError, ValueError):
        log.exception("checkpoint %s could not be written", link.seq)


def read() -> Iterator[Checkpoint]:
    """All checkpoints, signatures checked, in the order of the file.

    Raises BadCheckpoint.
    """
    path = settings().instance / FILE
    if not path.exists():
        return
    trusted = keys.public_keys(settings().instance)
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.endswith(b"\n"):
                yield _checked(line, number, trusted)


def last() -> Checkpoint | None:
    """The newest checkpoint of the file.

    Raises BadCheckpoint.
    """
    newest = deque(read(), maxlen=1)
    return newest[0] if newest else None


def _checked(line: bytes, number: int, trusted: keys.PublicKeys) -> Checkpoint:
    try:
        found = _parse(line)
        key = trusted[found.key]
        key.verify(b64decode(found.signature, validate=True), _signed_part(found))
    except KeyError as error:
        raise BadCheckpoint(f"checkpoint line {number}: signed with the unknown key {error}") from None
    except InvalidSignature:
        raise BadCheckpoint(f"checkpoint line {number}: the signature does not fit") from None
    except (ValueError, TypeError, BadEncoding):
        raise BadCheckpoint(f"checkpoint line {number}: not a checkpoint") from None
    if canonical(found.__dict__).encode() + b"\n" != line:
        raise BadCheckpoint(f"checkpoint line {number}: not written by the registry")
    return found


def _parse(line: bytes) -> Checkpoint:
    found = Checkpoint(**json.loads(line))
    if not isinstance(found.seq, int) or found.count != found.seq:
        raise ValueError("not a count")
    return found


def _signed_part(found: Checkpoint) -> bytes:
    return canonical({name: getattr(found, name) for name in SIGNED}).encode()
