"""Notes as rows of an import keep them: field, grade, and the message so that each reader has their own language."""

from collections.abc import Iterable, Sequence

from ..core.i18n import Message
from ..jobs import reasons
from .reading.cells import Grade, Note


def written(notes: Iterable[Note]) -> list[list[str]]:
    """For the row."""
    return [[note.field, str(note.grade), reasons.written(note.message)] for note in notes]


def read(kept: Iterable[Sequence[str]]) -> list[tuple[str, Grade, Message | str]]:
    """What the row keeps."""
    return [(field, Grade(grade), reasons.read(text)) for field, grade, text in kept]
