"""How long to wait for the next attempt. 重试间隔."""

from datetime import timedelta
from secrets import SystemRandom

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MOST_ATTEMPTS = len(PAUSES) + 1
SPREAD = 0.2
_random = SystemRandom()


def pause_after(attempts: int) -> timedelta | None:
    """The pause after so many attempts, spread by a fifth so that not all come back at once; None: give up."""
    if not 1 <= attempts < MOST_ATTEMPTS:
        return None
    return PAUSES[attempts - 1] * _random.uniform(1 - SPREAD, 1 + SPREAD)
