"""A child process for tests that does what children should not."""

import os
import signal
import time
from collections.abc import Callable
from types import FrameType

from registry.documents.workers.child import Answer, Refused, serve
from registry.documents.workers.frames import Frame


def handle(frame: Frame) -> Answer:
    """Do as the message says."""
    work = frame.header["work"]
    if work in ACTS:
        ACTS[work]()
    return {"process": os.getpid(), "environment": dict(os.environ)}, frame.blobs


def refuse() -> None:
    """Say no."""
    raise Refused("too_blue", shade=7)


def crash() -> None:
    """Fail in an unforeseen way."""
    _ = 1 / 0


def eat() -> None:
    """Take more memory than there is."""
    _ = bytearray(4_000_000_000)


def spin() -> None:
    """Work for ever."""
    while True:
        pass


def say() -> None:
    """Print where the answers go."""
    os.write(1, b"a library talks")
    print("and again", flush=True)  # noqa: T201 - that is the test


ACTS: dict[str, Callable[[], object]] = {
    "refuse": refuse,
    "crash": crash,
    "eat": eat,
    "spin": spin,
    "print": say,
    "hang": lambda: time.sleep(60),
    "die": lambda: os._exit(3),
    "deaf": lambda: signal.setitimer(signal.ITIMER_REAL, 0.2),
}


def sleep_long(_number: int, _frame: FrameType | None) -> None:
    """Answer the alarm by sleeping: from then on nothing is read."""
    time.sleep(60)


if __name__ == "__main__":
    signal.signal(signal.SIGALRM, sleep_long)
    serve(handle, 1)
