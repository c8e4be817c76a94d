"""Argon2id hashes of passwords. Slow on purpose: call these before the write transaction, never inside it. 口令散列.

Parameters: OWASP Password Storage Cheat Sheet (19 MiB, two passes, one lane), so that many people signing in at once
do not exhaust a small machine.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODYS_HASH = _hasher.hash("nobody's password, so that unknown accounts cost the same time")


def hash_password(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(password)


def is_right(password: str, stored: str) -> bool:
    """Whether the password fits the stored hash. An empty hash fits nothing and takes as long."""
    try:
        return _hasher.verify(stored or NOBODYS_HASH, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)
