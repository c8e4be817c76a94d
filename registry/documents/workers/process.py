"""One child as its parent holds it: process, pipes, a folder of its own, and an end that leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Thread, Timer
from typing import Any
from weakref import WeakSet

from ...core.config import ROOT
from .frames import Closed, Frame, Garbled, read_frame, write_frame

PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
FIXED = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
TOO_LONG = frozenset({-signal.SIGXCPU, -signal.SIGALRM})  # how a child ends that its own limits caught
REMEMBERED = 2_000  # bytes of what it said last
GRACE = 2.0


class Failed(RuntimeError):
    """The child could not do it.

    `code` says why: crash, died, timeout, memory, busy, garbled (it answered no message), or one of the child's own.
    """

    def __init__(self, code: str, detail: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code} {dict(detail or {})}")
        self.code = code
        self.detail = detail or {}


class Child:
    """One process and its pipes."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self.folder = tempfile.mkdtemp(prefix="registry-")
        self.messages = 0
        self.said = b""
        try:
            self.process = _start(module, {**environment, "TMPDIR": self.folder})
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise Failed("died", {"said": str(error)}) from error
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()
        _children.add(self)

    def ask(self, header: Mapping[str, Any], blobs: Sequence[bytes], seconds: float) -> Frame:
        """Send, wait at most `seconds`, and take the answer. Raises Failed; the child is dead then."""
        self.messages += 1
        with self._deadline(seconds) as late:
            try:
                answer = self._talk({**header, "message": self.messages}, blobs)
            except (Closed, Garbled, OSError) as error:
                self.end()
                raise Failed(self._reason(error, late), self._last_words()) from error
            except BaseException:
                self.end()  # the rest of the answer must not meet the next question
                raise
        if late.is_set():
            self.end()
        return answer

    @property
    def is_alive(self) -> bool:
        """Whether it runs; asking does not take away what is left of a dead one."""
        if self.process.returncode is not None:
            return False
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:  # somebody else waited for all children
            return False

    def end(self) -> None:
        """Stop it and the programs that it started; take its pipes and its folder away."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._listener.join(GRACE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def leave(self) -> None:
        """In a forked process: hold its pipes no longer, or it would not notice that its own parent is gone."""
        nothing = os.open(os.devnull, os.O_RDWR)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(OSError, ValueError):
                if pipe:
                    os.dup2(nothing, pipe.fileno())
        os.close(nothing)

    def _talk(self, header: dict[str, Any], blobs: Sequence[bytes]) -> Frame:
        assert self.process.stdin  # noqa: S101 - it was opened with pipes
        assert self.process.stdout  # noqa: S101
        write_frame(self.process.stdin, header, blobs)
        answer = read_frame(self.process.stdout)
        is_ours = answer.header.pop("message", None) == self.messages
        if not is_ours or not isinstance(answer.header.get("error"), str):
            raise Garbled("not an answer to this message")
        return answer

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[Event]:
        """Kill the child when the time is over; the event tells whether that happened."""
        late = Event()
        timer = Timer(seconds, self._kill, (late,))
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()
            timer.join()

    def _kill(self, late: Event) -> None:
        late.set()
        self.process.kill()

    def _reason(self, error: Exception, late: Event) -> str:
        if late.is_set() or self.process.returncode in TOO_LONG:
            return "timeout"
        return "garbled" if isinstance(error, Garbled) else "died"

    def _last_words(self) -> dict[str, Any]:
        return {"status": self.process.returncode, "said": self.said.decode(errors="replace")}

    def _listen(self) -> None:
        """Take what it and its libraries print, so that it never waits for a reader; keep the end of it."""
        assert self.process.stderr  # noqa: S101 - it was opened with pipes
        with suppress(OSError, ValueError):
            while said := os.read(self.process.stderr.fileno(), 65_536):
                self.said = (self.said + said)[-REMEMBERED:]


def _start(module: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """In a session of its own: an interrupt at the terminal is the parent's business, and it ends as a group."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env={**kept, **FIXED, **environment},
        start_new_session=True,
    )


def _leave_all() -> None:
    for child in list(_children):
        child.leave()


_children: WeakSet[Child] = WeakSet()
os.register_at_fork(after_in_child=_leave_all)
