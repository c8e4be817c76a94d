"""A child process for tests that does what children should not."""

import ctypes
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from urllib.request import urlopen

from registry.documents.workers.child import Answer, Refused, serve
from registry.documents.workers.frames import Frame


def handle(frame: Frame) -> Answer:
    """Do as the message says."""
    work = frame.header["work"]
    if work in ACTS:
        ACTS[work]()
    if work in ERRANDS:
        ERRANDS[work](frame.header["at"])
    return {"process": os.getpid(), "environment": dict(os.environ), "folder": tempfile.gettempdir()}, frame.blobs


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


def hang_in_native_code() -> None:
    """Wait outside of Python, holding its lock."""
    ctypes.PyDLL(None).sleep(60)


def flood() -> None:
    """Talk more than anybody wants to hear."""
    for _ in range(2_000):
        os.write(2, b"x" * 10_000)


def babble() -> None:
    """Send something that is no message, and die."""
    os.write(_answers(), b"\xff" * 100)
    time.sleep(60)


def answer_twice() -> None:
    """Send an answer that nobody waits for."""
    stray = b'{"error": "", "sizes": [], "message": 1}'
    os.write(_answers(), len(stray).to_bytes(4, "big") + stray)


def boast() -> None:
    """Announce more than there can be."""
    header = b'{"error": "", "sizes": [99999999999], "message": 1}'
    os.write(_answers(), len(header).to_bytes(4, "big") + header)


def _answers() -> int:
    """The pipe that answers go through: opened after the one that messages come by."""
    return max(int(name) for name in os.listdir("/proc/self/fd") if int(name) > 2 and _is_pipe(int(name)))


def _is_pipe(number: int) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{number}").startswith("pipe:")
    except OSError:
        return False


def deafen() -> None:
    """From a moment after the answer on, read nothing."""
    Timer(0.2, hang_in_native_code).start()


def start(seconds: str) -> None:
    """Start a program that outlives its parent unless somebody ends it."""
    subprocess.Popen(["sleep", seconds])


def leave(name: str) -> None:
    """Leave a file behind."""
    Path(tempfile.gettempdir(), name).write_text("left")


ACTS: dict[str, Callable[[], object]] = {
    "refuse": refuse,
    "crash": crash,
    "eat": eat,
    "spin": spin,
    "print": say,
    "hang": lambda: time.sleep(60),
    "native": hang_in_native_code,
    "flood": flood,
    "babble": babble,
    "stray": answer_twice,
    "boast": boast,
    "die": lambda: os._exit(3),
    "say goodbye": lambda: (os.write(2, b"goodbye"), os._exit(3)),
    "deaf": deafen,
    "fork": os.fork,
    "shell": lambda: os.system("true"),  # noqa: S605 - that is the test
}
ERRANDS: dict[str, Callable[[str], object]] = {
    "connect": lambda at: socket.create_connection(("127.0.0.1", int(at)), 2),
    "look up": lambda at: socket.getaddrinfo(at, 80),
    "send": lambda at: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", int(at))),
    "fetch": lambda at: urlopen(at),  # noqa: S310 - that is the test
    "read": lambda at: Path(at).read_bytes(),
    "write": lambda at: Path(at).write_text("x"),
    "start": start,
    "run": lambda at: subprocess.run([at], check=True),
    "leave": leave,
}


if __name__ == "__main__":
    serve(handle, 1, programs=["sleep"], idle=int(os.environ.get("IDLE", "0")))
