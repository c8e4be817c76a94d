"""The parent's side: a few long-lived children, each asked by one thread at a time, started anew when one dies."""

import atexit
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import Empty, LifoQueue
from threading import Event, Lock, Timer
from typing import Any

from ...core.config import ROOT
from .frames import Closed, Frame, read_frame, write_frame

LONGEST_LIFE = 200  # messages; what a library leaks ends with its process
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR")


class Failed(RuntimeError):
    """The child could not do it; `code` says why: crash, died, timeout, memory, busy, or one of the child's own."""

    def __init__(self, code: str, detail: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code} {dict(detail or {})}")
        self.code = code
        self.detail = detail or {}


class Child:
    """One process and its pipes."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        fixed = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0"}
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**kept, **fixed, **environment},
        )
        self.messages = 0

    def ask(self, header: Mapping[str, Any], blobs: Sequence[bytes], seconds: float) -> Frame:
        """Send, wait at most `seconds`, and take the answer. Raises Failed; the child is dead then."""
        assert self.process.stdin  # noqa: S101 - it was opened with pipes
        assert self.process.stdout  # noqa: S101
        self.messages += 1
        late = Event()
        timer = Timer(seconds, self._kill, (late,))
        timer.start()
        try:
            write_frame(self.process.stdin, dict(header), blobs)
            return read_frame(self.process.stdout)
        except (Closed, BrokenPipeError) as error:
            self.end()
            raise Failed("timeout" if late.is_set() else "died", {"status": self.process.returncode}) from error
        finally:
            timer.cancel()

    def _kill(self, late: Event) -> None:
        late.set()
        self.process.kill()

    @property
    def is_spent(self) -> bool:
        """Whether it should make way for a fresh one."""
        return self.messages >= LONGEST_LIFE or self.process.poll() is not None

    def end(self) -> None:
        """Stop it and take its pipes away."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()


class Pool:
    """At most `size` children of one kind; a message waits for a free one at most `seconds`, then runs as long."""

    def __init__(self, module: str, environment: Mapping[str, str], size: int, seconds: float) -> None:
        self.module = module
        self.environment = dict(environment)
        self.seconds = seconds
        self._slots: LifoQueue[Child | None] = LifoQueue()
        for _ in range(size):
            self._slots.put(None)
        self.owner = os.getpid()
        atexit.register(self.close)

    def ask(self, header: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> Frame:
        """The child's answer. Raises Failed."""
        try:
            child = self._slots.get(timeout=self.seconds)
        except Empty:
            raise Failed("busy") from None
        fresh: Child | None = None
        try:
            fresh = self._ready(child)
            answer = fresh.ask(header, blobs, self.seconds)
            if answer.header["error"] in ("memory", "crash"):
                fresh.end()  # it may have kept half of something
        finally:
            self._slots.put(fresh)
        if answer.header["error"]:
            raise Failed(answer.header["error"], answer.header.get("detail"))
        return answer

    def close(self) -> None:
        """End all children that are not working; those that work end with their pipes."""
        if os.getpid() != self.owner:
            return
        idle: list[Child | None] = []
        with suppress(Empty):
            while True:
                idle.append(self._slots.get_nowait())
        for child in idle:
            if child:
                child.end()
            self._slots.put(None)

    def _ready(self, child: Child | None) -> Child:
        if child and not child.is_spent:
            return child
        if child:
            child.end()
        return Child(self.module, self.environment)


_pools: dict[tuple[int, str, str], Pool] = {}
_lock = Lock()


def pool_of(module: str, environment: Mapping[str, str], size: int, seconds: float) -> Pool:
    """This process's pool of this module in this environment; a forked server process has pools of its own."""
    key = (os.getpid(), module, repr(sorted(environment.items())))
    with _lock:
        if key not in _pools:
            _pools[key] = Pool(module, environment, size, seconds)
        return _pools[key]
