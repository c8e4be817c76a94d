"""Which records take attachments: the packages above register theirs when their pages are installed. 可附附件的记录.

subjects.attachable("visit", find=queries.get_visible, may_attach=policy.may_attach, address="visits.show")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ..core.access.decision import Actor, Decision
from ..core.errors import NotFound

LONGEST_CODE = 40


class Record(Protocol):
    """A record with files beside it."""

    @property
    def id(self) -> int: ...
    @property
    def public_id(self) -> str: ...
    @property
    def audit_label(self) -> str: ...


def _label(record: Any) -> str:
    return str(record.audit_label)


@dataclass(frozen=True)
class Kind:
    """What is known of one kind of record.

    `find(public_id, actor)` is the record, or raises NotFound for what is out of the actor's scope; `may_attach(actor,
    record)` says whether they add and remove; `address` is the endpoint of its page, which takes `public_id`; `title`
    is how its page calls it in the reader's language.
    """

    code: str
    find: Callable[[str, Actor], Any]
    may_attach: Callable[[Actor, Any], Decision]
    address: str
    title: Callable[[Any], object] = _label


_kinds: dict[str, Kind] = {}


def attachable(
    kind: str,
    *,
    find: Callable[[str, Actor], Any],
    may_attach: Callable[[Actor, Any], Decision],
    address: str,
    title: Callable[[Any], object] = _label,
) -> None:
    """Let records of a kind take attachments; see `Kind`.

    The code stays for good: rows carry it. Raises ValueError for a code that is too long, or taken by another kind.
    """
    made = Kind(kind, find, may_attach, address, title)
    if not 0 < len(kind) <= LONGEST_CODE or _kinds.setdefault(kind, made) != made:
        raise ValueError(f"attachments of {kind!r} cannot be registered")


def kind_of(code: str) -> Kind:
    """The kind with this code. Raises NotFound."""
    try:
        return _kinds[code]
    except KeyError:
        raise NotFound from None
