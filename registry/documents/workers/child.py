"""The child's side: takes one message after the other, within limits, until the parent is gone."""

import math
import os
import resource
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from .frames import Closed, Frame, read_frame, write_frame

MEMORY_BYTES = 1536 * 1024 * 1024
FILE_BYTES = 256 * 1024 * 1024
OPEN_FILES = 96

Answer = tuple[dict[str, Any], Sequence[bytes]]
Handler = Callable[[Frame], Answer]


class Refused(Exception):
    """The work cannot be done for a reason that the parent knows by its code."""

    def __init__(self, code: str, **detail: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def serve(handler: Handler, seconds: int) -> None:
    """Answer until the parent closes the pipe; `seconds` of processor time for each message."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not reach the pipe
    limit_process()
    while True:
        try:
            frame = read_frame(requests)
        except Closed:
            return
        limit_processor(seconds)
        header, blobs = _answer(handler, frame)
        write_frame(answers, header, blobs)


def limit_process() -> None:
    """Limits that hold for the process's whole life; its own children have them too."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor(seconds: int) -> None:
    """Let the system end this process when it works `seconds` more of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


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
