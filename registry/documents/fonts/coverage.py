"""Which characters a PDF can show, so that a form can refuse the others by name."""

from functools import lru_cache
from pathlib import Path

from ..places import places
from .build import read_manifest
from .characters import IGNORED


def missing_characters(text: str) -> list[str]:
    """The characters of `text` that no font has, each once, in their order; none where fonts were not built yet."""
    points = _points(places().fonts)
    if points is None:
        return []
    return list(dict.fromkeys(sign for sign in text if ord(sign) not in points and sign not in IGNORED))


def describe(signs: list[str]) -> str:
    """Characters with their code points, for a message: most readers' screens show only a box for them."""
    return "、".join(f"{sign} (U+{ord(sign):04X})" for sign in signs)


def _points(folder: Path) -> frozenset[int] | None:
    manifest = folder / "manifest.json"
    return _read(folder, manifest.stat().st_mtime_ns) if manifest.exists() else None


@lru_cache(maxsize=4)
def _read(folder: Path, _changed: int) -> frozenset[int] | None:
    made = read_manifest(folder)
    return made.points if made else None
