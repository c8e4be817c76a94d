"""The slot for an electronic-seal service, such as a province's: send a PDF, say where the seal goes, fetch it sealed.

The shape follows the idea of 国办发〔2025〕33号: 上传文件, 指定签章位置, 返回已签章文件. An adapter is a class with
these methods around the service's own interface; there is none yet, so none can be chosen. What comes back was sealed
by that system and is filed as such. 电子签章接口.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ..core.errors import RegistryError
from ..core.i18n import Message, msg


@dataclass(frozen=True)
class Position:
    """Where the seal goes: the signature field of that name, else beside the keyword where it stands in the text."""

    field: str = ""
    keyword: str = ""

    def __post_init__(self) -> None:
        """Exactly one of them says where."""
        if bool(self.field) == bool(self.keyword):
            raise ValueError("a position is a field or a keyword")


@dataclass(frozen=True)
class SealOrder:
    """What is asked of the service: `uscc` is the organisation's 统一社会信用代码, `sha256` proves what was sent."""

    pdf: bytes
    filename: str
    sha256: str
    uscc: str
    position: Position


class SealState(StrEnum):
    """How far the service is."""

    WAITING = "waiting"
    SEALED = "sealed"
    REFUSED = "refused"


@dataclass(frozen=True)
class SealProgress:
    """The service's answer about an order; `reason` is its own words where it refused."""

    state: SealState
    reason: str = ""


@dataclass(frozen=True)
class SealedFile:
    """What the service handed out: a PDF or an OFD."""

    data: bytes
    filename: str


class ESealFailed(RegistryError):
    """The service did not seal the file, or cannot be reached."""

    status = 502
    title = msg("The electronic-seal service did not seal the file")


class ESealUnreachable(ESealFailed):
    """It does not answer; worth another try."""

    status = 503
    title = msg("The electronic-seal service cannot be reached; please try again later")


class ESealService(Protocol):
    """An adapter. Each method may raise ESealUnreachable; nothing else that it meets comes through."""

    name: str
    """What people call the system; it stands beside every file that it sealed."""

    def submit(self, order: SealOrder) -> str:
        """Send the file; a ticket to ask with. The same order again is the same ticket. Raises ESealFailed."""

    def poll(self, ticket: str) -> SealProgress:
        """How far it is. Raises ESealFailed for a ticket that it does not know."""

    def fetch(self, ticket: str) -> SealedFile:
        """The sealed file. Raises ESealFailed while it is not sealed."""


def collect(service: ESealService, ticket: str) -> SealedFile | None:
    """The sealed file, or None while the service works on it.

    Raises ESealFailed with the service's reason when it refused.
    """
    progress = service.poll(ticket)
    if progress.state is SealState.REFUSED:
        raise ESealFailed(_refusal(service.name, progress.reason))
    return service.fetch(ticket) if progress.state is SealState.SEALED else None


def _refusal(system: str, reason: str) -> Message:
    return msg("%(system)s refused to seal the file: %(reason)s", system=system, reason=reason or "—")
