"""The verdict's parts: what is said of a file, of each signature, and of the certificate behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from ...core.i18n import Message
from ..data import CLOSING_FIELD, FIELD_PREFIX
from .states import State


@dataclass(frozen=True)
class CertificateFacts:
    """Who holds a certificate and who gave it; the serial number in hexadecimal, the digest over its DER."""

    organisation: str
    name: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    sha256: str
    is_development: bool = False

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """As the judging process tells it."""
        return cls(
            told["organisation"],
            told["name"],
            told["issuer"],
            told["serial"],
            datetime.fromisoformat(told["not_before"]),
            datetime.fromisoformat(told["not_after"]),
            told["sha256"],
            told["development"],
        )


@dataclass(frozen=True)
class SignatureVerdict:
    """One signature or time stamp: who, when by their own clock, and what is to be said about it.

    `proven` is the moment that a trusted time stamp attests; `reasons` decide the state, `notes` are only told. `later`
    is the code of what came after it (see `words.LATER`), "" where that is not known.
    """

    signer: str
    moment: datetime | None
    state: State
    reasons: tuple[Message, ...]
    field: str = ""
    proven: datetime | None = None
    certificate: CertificateFacts | None = None
    notes: tuple[Message, ...] = ()
    is_timestamp: bool = False
    closes: bool = False
    later: str = ""

    @property
    def is_closing(self) -> bool:
        """Whether it stands where the registry closes a file; whether it does close it, `closes` says."""
        return self.field == CLOSING_FIELD

    @property
    def position(self) -> int | None:
        """The party whose field it stands in, counted from 1; None outside the parties' fields."""
        return party_position(self.field)


@dataclass(frozen=True)
class FileVerdict:
    """The whole file: as bad as its worst signature. Digests let the caller find the record it belongs to.

    `record` is the embedded agreement.json, `record_then` the one that was there when it was signed, where that may
    differ. `closed` says that the last word was spoken, `empty` which signature fields nobody signed in. What was not
    `examined`, for whatever reason, has no signatures to tell of, and that says nothing.
    """

    state: State
    reasons: tuple[Message, ...]
    signatures: tuple[SignatureVerdict, ...]
    sha256: str
    record_sha256: str = ""
    record: bytes = b""
    record_then: bytes = b""
    closed: bool = False
    empty: tuple[str, ...] = ()
    examined: bool = True

    @property
    def unsigned(self) -> tuple[int, ...]:
        """Positions of the parties whose fields are there and bear no signature, a later one in its stead included.

        A time stamp in a party's field is not that party's signature.
        """
        stamped = {one.position for one in self.signatures if one.is_timestamp}
        waiting = {party_position(name) for name in self.empty} | stamped
        return tuple(sorted(position for position in waiting - {one.position for one in self.signed} if position))

    @property
    def signed(self) -> tuple[SignatureVerdict, ...]:
        """The signatures without the time stamps."""
        return tuple(one for one in self.signatures if not one.is_timestamp)


def party_position(field: str) -> int | None:
    """Party-2 and Party-2-3 are fields of the second party."""
    if not field.startswith(FIELD_PREFIX):
        return None
    number = field.removeprefix(FIELD_PREFIX).split("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else None
