"""Pictures that were drawn, as files in the instance folder by their digest, and the process that draws them.

Files, not a table and not memory: all processes of a place share them, a restart keeps them, and losing them costs
nothing. A backup leaves them out. 图表缓存.
"""

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from ...core.errors import RegistryError
from ...core.i18n import msg
from ...core.instance import settings
from ...documents.places import places
from ...documents.workers.frames import Frame
from ...documents.workers.parent import Failed, pool_of
from .posters import poster

if TYPE_CHECKING:
    from .chart import Chart

FOLDER = "charts"
DRAWER = "registry.dashboards.drawing.worker"
SECONDS, KNOCK = 20, 0.02
PROCESSES = 1
MOST = 2_000  # pictures; a chart and its PNG are about 60 kB
ENDED, MOMENT = frozenset({"died", "timeout"}), 0.5  # how a process that went home is told, and within what seconds
FEWER = 1_500  # that stay when there are more
FRESH = 60.0  # seconds within which a picture's last use is not written down again


class CannotDraw(RegistryError):
    """The picture could not be drawn; the table beside it says the same."""

    title = msg("The chart could not be drawn")
    status = 503


def find(name: str) -> bytes | None:
    """A picture that was drawn before."""
    path = _folder() / name
    try:
        data = path.read_bytes()
        if path.stat().st_mtime + FRESH < _now():
            os.utime(path)
    except OSError:
        return None
    return data


def svg(chart: "Chart", *, is_alone: bool = False) -> bytes:
    """The SVG, drawn now if it has to be. Raises CannotDraw."""
    if is_alone:
        return poster(svg(chart), chart.title, chart.note)
    asked = {"make": "svg", "spec": chart.spec, "title": chart.title, "summary": chart.summary, "links": chart.links}
    return _made(f"{chart.digest}.svg", lambda: _ask(asked))


def png(chart: "Chart", *, is_alone: bool = False) -> bytes:
    """The PNG of the same picture, twice as many pixels each way. Raises CannotDraw."""
    picture = svg(chart, is_alone=is_alone)
    return _made(f"{hashlib.sha256(picture).hexdigest()}.png", lambda: _ask({"make": "png"}, picture))


def _made(name: str, make: Callable[[], bytes]) -> bytes:
    """The file of this name; whoever asks while it is being made waits, in whatever process, and finds it."""
    found = find(name)
    if found is not None:
        return found
    with _alone(name):
        found = find(name)
        if found is not None:
            return found
        data = make()
        _keep(name, data)
    return data


def _ask(header: dict[str, Any], *blobs: bytes) -> bytes:
    asked = {**header, "fonts": _fonts()}
    try:
        return _answer(asked, blobs).blobs[0]
    except Failed as failed:
        raise CannotDraw from failed


def _answer(asked: dict[str, Any], blobs: Sequence[bytes]) -> Frame:
    """The answer of the drawing process; asked once more when it was just going home for want of work."""
    pool, started = pool_of(DRAWER, {}, PROCESSES, SECONDS), time.monotonic()
    try:
        return pool.ask(asked, blobs)
    except Failed as failed:
        if failed.code not in ENDED or time.monotonic() - started > MOMENT:
            raise
    return pool.ask(asked, blobs)


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One of sixteen doors: held by the system, so that a process that dies opens it. Raises CannotDraw for whoever
    waited as long as a picture may take: while nothing is drawn, no thread of the server waits for one after the other.
    """
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"door-{name[0]}").open("w") as door:
        deadline = time.monotonic() + SECONDS
        while not _opens(door):
            if time.monotonic() > deadline:
                raise CannotDraw
            time.sleep(KNOCK)
        yield


def _opens(door: IO[str]) -> bool:
    try:
        flock(door, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _keep(name: str, data: bytes) -> None:
    """Whole or not at all; the ones not looked at longest make room."""
    folder = _folder()
    with NamedTemporaryFile(dir=folder, prefix="part-", delete=False) as part:
        part.write(data)
    os.replace(part.name, folder / name)
    _make_room(folder)


def _make_room(folder: Path) -> None:
    kept = [entry for entry in os.scandir(folder) if not entry.name.startswith("door-")]
    if len(kept) <= MOST:
        return
    for _, path in sorted(_ages(kept))[: len(kept) - FEWER]:
        Path(path).unlink(missing_ok=True)


def _ages(entries: list[os.DirEntry[str]]) -> Iterator[tuple[float, str]]:
    for entry in entries:
        try:
            yield entry.stat().st_mtime, entry.path
        except FileNotFoundError:
            continue  # another process made room


def _now() -> float:
    return time.time()


def _fonts() -> str:
    """The folder of the documents' fonts; "" where they were not built."""
    folder = places().fonts / "built"
    return str(folder) if folder.is_dir() else ""


def _folder() -> Path:
    return settings().instance / FOLDER
