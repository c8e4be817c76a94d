"""Files in the keys folder: for the owner only, whole or not at all; imported keys encrypted. 密钥文件."""

import os
from pathlib import Path

from ...core import crypto

PURPOSE = "signing key"  # of the encryption: nothing else opens these files
SEALED = ".sealed"


def write_key_file(path: Path, data: bytes) -> None:
    """Write a file that only the owner reads, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(number)
    os.replace(part, path)


def seal(keys: Path, stem: str, key: bytes) -> str:
    """Keep a private key (PKCS#8, DER) encrypted with the data key; returns the file's name."""
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_key_file(keys / f"{stem}{SEALED}", crypto.encrypt(key, PURPOSE))
    return f"{stem}{SEALED}"


def unseal(path: Path) -> bytes:
    """The private key. Raises FileNotFoundError, and Undecipherable where the data key is another."""
    return crypto.decrypt(path.read_bytes(), PURPOSE)
