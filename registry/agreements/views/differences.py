"""What two people wrote into the same form: shown when the second one comes too late."""

from collections.abc import Mapping
from typing import Any


def differences(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Fields that differ: name, what is stored, what was typed."""
    names = sorted(theirs.keys() | mine.keys())
    pairs = [(name, _as_text(theirs.get(name)), _as_text(mine.get(name))) for name in names]
    return [(name, one, other) for name, one, other in pairs if one != other]


def _as_text(value: Any) -> str:
    """Line ends, ticks and absence alike."""
    if value in (None, False, ""):
        return ""
    return "true" if value is True else str(value).replace("\r\n", "\n").strip()
