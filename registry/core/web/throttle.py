"""How often one network may ask a public page; counted in each process, which is enough against guessing 128 bits."""

from flask import request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from ..errors import TooMany
from ..networks import network_of

_limiter = MovingWindowRateLimiter(MemoryStorage())


def slow_down(name: str, times: int, minutes: int) -> None:
    """Count this request.

    Raises TooMany when the network asked `times` within `minutes` already.
    """
    allowed = RateLimitItemPerMinute(times, minutes)
    if not _limiter.hit(allowed, name, network_of(request.remote_addr or "")):
        raise TooMany(retry_after=minutes * 60)


def forget() -> None:
    """Begin anew; for tests."""
    _limiter.storage.reset()
