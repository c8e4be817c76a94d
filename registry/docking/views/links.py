"""Records of other packages that a case belongs to: by kind and public id, without knowing their packages."""

from dataclasses import dataclass

from flask import url_for

from ...core.errors import NotFound
from ...core.i18n import Message
from ...core.web.guard import actor
from ...core.web.words import in_words
from ...records import kinds
from ..models import DockingCase
from ..services import KIND


@dataclass(frozen=True)
class Linked:
    """A linked record; without a title and address where the reader does not see it."""

    kind: str
    public_id: str
    label: Message
    title: object = ""
    address: str = ""


def linked(case: DockingCase) -> list[Linked]:
    """The linked records in the order in which they were linked; at most twenty."""
    found = []
    for one in case.links:
        try:
            kind = kinds.kind_of(one.kind)
        except NotFound:
            continue  # its package is not part of this installation
        found.append(_seen(kind, one.public_id))
    return found


def _seen(kind: kinds.Kind, public_id: str) -> Linked:
    try:
        record = kind.find(public_id, actor())
    except NotFound:
        return Linked(kind.code, public_id, kind.label)
    title = in_words(record.title_zh, record.title_en) if hasattr(record, "title_zh") else record.audit_label
    return Linked(kind.code, public_id, kind.label, title, url_for(kind.endpoint, public_id=public_id))


def linkable_kinds() -> list[tuple[str, Message]]:
    """What a case can be linked with."""
    return [(kind.code, kind.label) for kind in kinds.known() if kind.code != KIND]
