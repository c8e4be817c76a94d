"""Records of other packages that a case belongs to: by kind and public id, without knowing their packages."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from ...core.errors import NotFound
from ...core.i18n import Message
from ...core.web.guard import actor
from ...core.web.words import in_words
from ...records import kinds
from ..models import DockingCase
from ..services import KIND

Key = tuple[str, str]  # kind and public id


@dataclass(frozen=True)
class Linked:
    """A linked record; without a title and address where the reader does not see it."""

    kind: str
    public_id: str
    label: Message
    title: object = ""
    address: str = ""


def linked(case: DockingCase) -> list[Linked]:
    """The linked records in the order in which they were linked; at most twenty, one query for each kind."""
    found = []
    titles = titles_of((one.kind, one.public_id) for one in case.links)
    for one in case.links:
        try:
            kind = kinds.kind_of(one.kind)
        except NotFound:
            continue  # its package is not part of this installation
        title = titles.get((one.kind, one.public_id))
        address = url_for(kind.endpoint, public_id=one.public_id) if title else ""
        found.append(Linked(kind.code, one.public_id, kind.label, in_words(*title) if title else "", address))
    return found


def titles_of(records: Iterable[Key]) -> dict[Key, kinds.Titles]:
    """Titles in both languages of those that the reader sees, by kind and public id."""
    wanted: dict[str, set[str]] = {}
    for code, public_id in records:
        wanted.setdefault(code, set()).add(public_id)
    return {
        (code, public_id): title
        for code, ids in wanted.items()
        for public_id, title in kinds.titles_of(code, sorted(ids), actor()).items()
    }


def linkable_kinds() -> list[tuple[str, Message]]:
    """What a case can be linked with."""
    return [(kind.code, kind.label) for kind in kinds.known() if kind.code != KIND]
