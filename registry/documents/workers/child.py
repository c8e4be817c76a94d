"""The child's side: takes one message after the other, within limits, until the parent is gone."""

import math
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Collection, Sequence
from typing import IO, Any

from .frames import Closed, Frame, read_frame, write_frame
from .walls import Wall

MEMORY_BYTES = 1536 * 1024 * 1024
FILE_BYTES = 256 * 1024 * 1024
OPEN_FILES = 96
LONGER = 3  # times the processor time: when a child that waits for something ends by itself, its parent gone or not

Answer = tuple[dict[str, Any], Sequence[bytes]]
Handler = Callable[[Frame], Answer]


class Refused(Exception):
    """The work cannot be done for a reason that the parent knows by its code."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def serve(
    handler: Handler, seconds: int, programs: Collection[str] = (), *, is_written_only: bool = False, idle: int = 0
) -> None:
    """Answer until the parent closes the pipe; `seconds` of processor time for each message.

    `programs` names those that the handler may start, such as pdftoppm. With `is_written_only` the limit on memory is
    on what is written to, for a library that reserves more addresses than it uses. After `idle` seconds without a
    message it ends; 0: never.
    """
    requests, answers = _take_pipes()
    limit_process(resource.RLIMIT_DATA if is_written_only else resource.RLIMIT_AS)
    sys.addaudithook(Wall(programs, tempfile.gettempdir()))
    while True:
        try:
            frame = read_frame(requests)
        except Closed:
            return
        limit_message(seconds)
        header, blobs = _answer(handler, frame)
        signal.setitimer(signal.ITIMER_REAL, idle)
        write_frame(answers, {**header, "message": frame.header.get("message")}, blobs)


def limit_process(memory: int = resource.RLIMIT_AS) -> None:
    """Limits that hold for the process's whole life; its own children have them too.

    None on the number of processes: the system counts all of the user's, and Pango wants a thread.
    """
    resource.setrlimit(memory, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_message(seconds: int) -> None:
    """Let the system end this process when it works `seconds` more of processor time, or waits LONGER than that.

    Both signals end it in the middle of native code too.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds * LONGER)


def _take_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the parent, out of reach of what libraries print and of programs started from here."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return requests, answers


def _answer(handler: Handler, frame: Frame) -> Answer:
    try:
        header, blobs = handler(frame)
    except Refused as refused:
        return {"error": refused.code, "detail": refused.detail}, ()
    except MemoryError:
        return {"error": "memory", "detail": {}}, ()
    except Exception:
        return {"error": "crash", "detail": {"trace": traceback.format_exc()[-4000:]}}, ()
    return {"error": "", **header}, blobs
