"""The key that signs checkpoints: made on first use, for its owner alone; its public half beside it. 审计密钥."""

import hashlib
import os
from pathlib import Path
from secrets import token_hex

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FOLDER = "keys"
PRIVATE, PUBLIC = "audit.key", "audit.pub"
TRUSTED = "audit*.pub"  # this key and former ones, see `retire`

PublicKeys = dict[str, Ed25519PublicKey]


def private_key(instance: Path) -> Ed25519PrivateKey:
    """The signing key, made when absent.

    Raises OSError, or ValueError for a file that is no Ed25519 key.
    """
    path = instance / FOLDER / PRIVATE
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} is not an Ed25519 key")
    _show(path.with_name(PUBLIC), key.public_key())
    return key


def public_keys(instance: Path) -> PublicKeys:
    """The keys whose checkpoints count, by fingerprint."""
    found = [_read_public(path) for path in sorted((instance / FOLDER).glob(TRUSTED))]
    return {fingerprint(key): key for key in found}


def fingerprint(key: Ed25519PublicKey) -> str:
    """The first 16 hex digits of the SHA-256 of the raw key: enough to name one of a few."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def _read_public(path: Path) -> Ed25519PublicKey:
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path} is not an Ed25519 key")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    _publish(path, made.private_bytes(*pem), 0o600)


def _show(path: Path, key: Ed25519PublicKey) -> None:
    """Keep the public half beside the private one; a former one is kept under its fingerprint."""
    if path.exists():
        if fingerprint(_read_public(path)) == fingerprint(key):
            return
        retire(path)
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    _publish(path, key.public_bytes(*pem), 0o644)


def retire(path: Path) -> None:
    """Keep a public key whose private half is gone under its fingerprint: its checkpoints still count."""
    path.rename(path.with_name(f"audit-{fingerprint(_read_public(path))}.pub"))


def _publish(path: Path, content: bytes, mode: int) -> None:
    """The file appears whole; of several makers the first wins."""
    draft = path.with_name(f"{path.name}.{token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
