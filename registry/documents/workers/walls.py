"""A second wall inside the child: no network, no programs, no files but its own, the program's and the fonts'. 沙箱.

The first wall is that nothing asks: the fetcher refuses every address, and user text is only ever text. Should a
library ask all the same, Python tells the hook of it before it happens, and a hook cannot be taken away again. It costs
nothing that can be measured, since a warm child opens no files. What native code does by itself is not seen here.
"""

import os
import sys
from collections.abc import Collection
from pathlib import Path
from socket import AF_UNIX
from typing import Any

from ...core.config import ROOT

NETWORK = frozenset(
    f"socket.{name}"
    for name in (
        "connect", "bind", "sendto", "sendmsg", "getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyaddr",
    )
)  # fmt: skip
PROGRAMS = frozenset({"os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "pty.spawn"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
SYSTEM = ("/usr", "/lib", "/proc/self", "/dev/null", "/dev/urandom")


class Wall:
    """Refuses what a child has no business with; `programs` are those that it may start."""

    def __init__(self, programs: Collection[str], folder: str) -> None:
        self.programs = frozenset(programs)
        self.own = _real(folder)
        fonts = os.environ.get("FONTCONFIG_FILE", "")
        inside: list[str | Path] = [ROOT / "registry", ROOT / "templates", *([Path(fonts).parent] if fonts else [])]
        libraries = [place for place in sys.path if place and Path(place).resolve() != ROOT]
        everything = [*inside, *libraries, sys.prefix, sys.base_prefix, *SYSTEM, folder]
        self.readable = tuple({_real(place) for place in everything})

    def __call__(self, event: str, given: tuple[Any, ...]) -> None:
        """Raises PermissionError."""
        if event == "open":
            self._check_file(*given)
        elif event == "subprocess.Popen":
            self._check_program(given[0])
        elif event in PROGRAMS or event in NETWORK or (event == "socket.__new__" and given[1] != AF_UNIX):
            raise PermissionError(f"a limited process may not: {event}")

    def _check_file(self, path: Any, _mode: Any, flags: int) -> None:
        if isinstance(path, int):
            return  # it is open already
        real = _real(os.fsdecode(path))
        allowed = (self.own,) if flags & WRITING else self.readable
        if not any(real == place or real.startswith(place + os.sep) for place in allowed):
            raise PermissionError(f"a limited process may not open {real}")

    def _check_program(self, program: Any) -> None:
        if os.path.basename(os.fsdecode(program)) not in self.programs:
            raise PermissionError(f"a limited process may not start {os.fsdecode(program)}")


def _real(place: str | Path) -> str:
    return os.path.realpath(place)
