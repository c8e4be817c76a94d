"""Identifiers that outsiders see."""

from ulid import ULID


def new_public_id() -> str:
    """A ULID: 26 characters, sorts by time of making, never reused, tells nothing about counts."""
    return str(ULID())
