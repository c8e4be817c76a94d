"""Where the present work comes from, for code that must not know flask: set by core.web, read by audit and logs."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Address and request id of the present request; empty for the command line and jobs."""

    address: str = ""
    request_id: str = ""


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 - frozen


def origin() -> Origin:
    """The present origin."""
    return _origin.get()


def set_origin(address: str, request_id: str) -> None:
    """Say where the present request comes from; every request sets its own."""
    _origin.set(Origin(address, request_id))
