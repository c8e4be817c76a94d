"""Files as they come in, many at once: each is looked at and stored before the transaction. 附件接收.

A file that is refused keeps no other one out: it is named with its reason. Photos are stored without what the camera
wrote of place (GPS), device and time, upright or with the note of how they were held, by the principle of the least
necessary data (PIPL, article 6): see `documents.inspection.photos`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..core.errors import Invalid, Unavailable
from ..core.i18n import Message, msg
from ..documents import store, uploads
from ..documents.inspection.kinds import JPEG

MOST_AT_ONCE = 10
BUSY = msg("Too many files are being looked at just now; please send this one again")


@dataclass(frozen=True)
class Taken:
    """A file that was found good, and is stored."""

    filename: str
    media_type: str
    pages: int
    kept: store.Kept
    small: store.Kept | None


@dataclass(frozen=True)
class Refused:
    """A file that was not taken, by the name that its sender knows."""

    filename: str
    reason: Message | str


@dataclass(frozen=True)
class Looked:
    """What became of the files of one sending."""

    taken: tuple[Taken, ...]
    refused: tuple[Refused, ...]


def look(files: Iterable[tuple[str, bytes]]) -> Looked:
    """Look at each, name and bytes; of more than MOST_AT_ONCE the rest is refused, unread."""
    taken: list[Taken] = []
    refused: list[Refused] = []
    for number, (filename, data) in enumerate(files):
        if number >= MOST_AT_ONCE:
            refused.append(Refused(filename, msg("At most %(most)s files at once", most=MOST_AT_ONCE)))
            continue
        try:
            taken.append(_take(filename, data))
        except Invalid as error:
            refused += [Refused(filename, told) for told in error.fields["file"]]
        except Unavailable:
            refused.append(Refused(filename, BUSY))
    return Looked(tuple(taken), tuple(refused))


def _take(filename: str, data: bytes) -> Taken:
    if not data:
        raise Invalid({"file": [msg("This file is empty")]})
    found = uploads.inspect_attached(data, filename)
    small = store.put(found.small, JPEG) if found.small else None
    return Taken(found.filename, found.media_type, found.pages, store.put(found.data, found.media_type), small)
