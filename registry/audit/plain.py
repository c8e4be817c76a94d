"""Values of events made plain, so that a digest is the same after a round trip through either database. 规范化.

JSON knows no dates, enums or decimals, PostgreSQL refuses what is too long and SQLite takes it: both are settled here,
before the digest is taken.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from ..core.i18n import Message
from ..core.text import UNSTORABLE

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def plain(value: Any) -> Plain:
    """A value as JSON keeps it: moments in UTC, enums by code, decimals as text, sets sorted, records by their label.

    Raises TypeError for what has no plain form.
    """
    if value.__class__ is str:
        return storable(value)
    if value is None or (isinstance(value, bool | int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"  # the audit keeps no files, only what identifies them
    if isinstance(value, Message):
        return value.english
    if isinstance(value, str | Decimal | UUID):
        return storable(str(value))
    if hasattr(value, "audit_label"):
        return storable(str(value.audit_label))
    raise TypeError(f"the audit cannot keep a {type(value).__name__}")


def moment(value: datetime) -> str:
    """A moment in UTC with all its microseconds.

    Raises ValueError for a naive one.
    """
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def storable(text: Any) -> str:
    """Text without NUL and lone surrogates, which one of the databases refuses."""
    if UNSTORABLE.search(given := str(text)) is None:
        return given
    return given.replace("\x00", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def canonical(value: Plain) -> str:
    """The one way of writing a plain value as JSON: sorted keys, no blanks, UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
