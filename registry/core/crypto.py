"""Encryption of single values with a key that stands outside the database: second-factor secrets, phones. 加密.

AES-256-GCM (NIST SP 800-38D) with a random nonce for each value. A copied database tells nothing without the key file.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadEncoding
from pathlib import Path
from secrets import token_bytes, token_hex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .config import BadSetting, Settings

KEY_FILE = "data.key"
KEY_LENGTH = 32
NONCE_LENGTH = 12
VERSION = b"\x01"  # of the layout: version, nonce, ciphertext with tag

_place: list[Settings] = []
_keys: dict[str, bytes] = {}


class Undecipherable(ValueError):
    """Bytes that were not encrypted with this installation's key, for this purpose, or were changed since."""


def configure(settings: Settings) -> None:
    """Say where the key is; nothing is read or made before the first use."""
    _place[:] = [settings]


def encrypt(plain: bytes, purpose: str = "") -> bytes:
    """Encrypt a value; the same `purpose` has to be named to read it again."""
    nonce = token_bytes(NONCE_LENGTH)
    return VERSION + nonce + AESGCM(_key()).encrypt(nonce, plain, purpose.encode())


def decrypt(sealed: bytes, purpose: str = "") -> bytes:
    """Read an encrypted value.

    Raises Undecipherable.
    """
    nonce, rest = sealed[1 : 1 + NONCE_LENGTH], sealed[1 + NONCE_LENGTH :]
    if sealed[:1] != VERSION or len(nonce) != NONCE_LENGTH:
        raise Undecipherable("unknown layout")
    try:
        return AESGCM(_key()).decrypt(nonce, rest, purpose.encode())
    except InvalidTag as error:
        raise Undecipherable("wrong key, wrong purpose or changed bytes") from error


def parse_key(text: str) -> bytes:
    """32 bytes written in URL-safe base64.

    Raises BadSetting.
    """
    try:
        key = urlsafe_b64decode(text.strip().encode())
    except (BadEncoding, ValueError) as error:
        raise BadSetting("REGISTRY_DATA_KEY must be 32 bytes in URL-safe base64") from error
    if len(key) != KEY_LENGTH:
        raise BadSetting("REGISTRY_DATA_KEY must be 32 bytes in URL-safe base64")
    return key


def _key() -> bytes:
    """The setting's key, else the key file's, made when absent."""
    if not _place:
        raise RuntimeError("crypto.configure has not been called")
    settings = _place[0]
    if settings.data_key:
        return parse_key(settings.data_key)
    path = settings.instance / KEY_FILE
    if str(path) not in _keys:
        _keys[str(path)] = parse_key(_read_or_make(path))
    return _keys[str(path)]


def _read_or_make(path: Path) -> str:
    """The file's text. A new file appears whole or not at all, and the first of several makers wins."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{KEY_FILE}.{token_hex(8)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(urlsafe_b64encode(token_bytes(KEY_LENGTH)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
