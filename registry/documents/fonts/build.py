"""Builds the folder of small fonts once, and again when a source or this code changes."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from fcntl import LOCK_EX, flock
from pathlib import Path
from tempfile import mkdtemp
from xml.sax.saxutils import escape

from . import characters
from .cutting import Face, cut
from .sources import Say, Source, fandol, keep_licences, licensed, noto

VERSION = 2  # raise it when what is cut changes
FALLBACK_WARNING = "仿宋 and 楷体 are missing; Noto Serif takes their place"
FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}/built</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Manifest:
    """What was built: from which sources, with which characters, and what was missing."""

    key: str
    points: frozenset[int]
    warnings: tuple[str, ...] = field(default=())


def build_fonts(folder: Path, say: Say) -> Manifest:
    """Build the fonts in `folder` unless they are there already. About half a minute.

    Raises FontsMissing when fonts-noto-cjk is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # two at once: the second finds the first one's work
        flock(lock, LOCK_EX)
        return _build(folder, say)


def _build(folder: Path, say: Say) -> Manifest:
    plan = list(_plan(folder, say))
    key = _key(plan)
    _write_configuration(folder)
    present = read_manifest(folder)
    if present and present.key == key:
        say("The fonts are up to date.")
        return present
    points = _cut_all(plan, folder, say)
    keep_licences(folder)
    made = Manifest(key, points, () if _has_fangsong(plan) else (FALLBACK_WARNING,))
    _write_manifest(folder, made)
    say(f"{len(plan)} fonts are ready in {folder}.")
    return made


def _write_configuration(folder: Path) -> None:
    """Whole or not at all, and only when it changes: a renderer may be reading it."""
    target, wanted = folder / "fonts.conf", FONTCONFIG.format(folder=escape(str(folder.resolve())))
    if target.exists() and target.read_text(encoding="utf-8") == wanted:
        return
    part = folder / "fonts.conf.part"
    part.write_text(wanted, encoding="utf-8")
    part.replace(target)


def read_manifest(folder: Path) -> Manifest | None:
    """What was built here, or None."""
    path = folder / "manifest.json"
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    points = frozenset(point for first, last in kept["ranges"] for point in range(first, last + 1))
    return Manifest(kept["key"], points, tuple(kept["warnings"]))


def _plan(folder: Path, say: Say) -> Iterator[tuple[Face, Source]]:
    """Each small font and its source; a licensed font takes the place of a free one."""
    free = fandol(folder, say)
    for family, name, file in (
        ("Registry FangSong", "FangSong", "FandolFang-Regular.otf"),
        ("Registry Kai", "Kai", "FandolKai-Regular.otf"),
    ):
        source = licensed(folder, name) or (Source(free / file) if free else None)
        if source:
            yield Face(family, 400, _chinese_only), source
    yield Face("Registry Song", 400, _chinese), noto("Serif-Regular")
    yield Face("Registry Song", 700, _chinese), noto("Serif-Bold")
    title = licensed(folder, "Title")
    if title:
        yield Face("Registry Title", 700, _chinese), title
    yield Face("Registry Hei", 700, _chinese), licensed(folder, "Hei") or noto("Sans-Bold")
    yield Face("Registry Latin", 400, _latin, narrow=True), noto("Serif-Regular")
    yield Face("Registry Latin", 700, _latin, narrow=True), noto("Serif-Bold")
    yield Face("Registry Rare", 400, _rare, whole=True), noto("Serif-Regular")


def _chinese(available: frozenset[int]) -> frozenset[int]:
    return available & (characters.chinese() | characters.latin())


def _chinese_only(available: frozenset[int]) -> frozenset[int]:
    wanted = characters.chinese() | characters.han()
    return (available & wanted) - characters.narrow_only()


def _latin(available: frozenset[int]) -> frozenset[int]:
    return available & characters.latin()


def _rare(available: frozenset[int]) -> frozenset[int]:
    return available & (characters.han() - characters.chinese())


def _has_fangsong(plan: Iterable[tuple[Face, Source]]) -> bool:
    return any(face.family == "Registry FangSong" for face, _ in plan)


def _key(plan: Iterable[tuple[Face, Source]]) -> str:
    """The digest of everything that shapes the result."""
    digest = hashlib.sha256(f"{VERSION}{sorted(characters.chinese())}".encode())
    contents: dict[Path, str] = {}
    for face, source in plan:
        if source.path not in contents:
            contents[source.path] = hashlib.sha256(source.path.read_bytes()).hexdigest()
        digest.update(f"{face.family}{face.weight}{contents[source.path]}{source.face}".encode())
    return digest.hexdigest()


def _cut_all(plan: Iterable[tuple[Face, Source]], folder: Path, say: Say) -> frozenset[int]:
    """Cut into a fresh folder, then put it in place: a running worker never sees half of it."""
    fresh = Path(mkdtemp(dir=folder))
    say("Cutting small fonts out of the system's; this takes about half a minute …")
    with ProcessPoolExecutor() as pool:
        works = [pool.submit(cut, face, source, fresh / face.filename) for face, source in plan]
        parts = [work.result() for work in works]
    fresh.chmod(0o755)
    shutil.rmtree(folder / "built", ignore_errors=True)
    fresh.rename(folder / "built")
    return frozenset().union(*parts)


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps({"key": manifest.key, "ranges": _ranges(manifest.points), "warnings": manifest.warnings})
    part = folder / "manifest.part"
    part.write_text(text, encoding="utf-8")
    os.replace(part, folder / "manifest.json")


def _ranges(points: Iterable[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for point in sorted(points):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return ranges
