"""A rival in a process of its own: what it holds in memory, and how many documents it makes a second.

    python -m bench.rival_weasyprint FONTS ROUNDS < two sources in JSON

Nothing of the registry is imported here, so that the memory is the rival's alone.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

KILOBYTES = 1024
Render = Callable[[str], bytes]


@dataclass(frozen=True)
class Alone:
    """Short documents a second on the clock, and the most memory in MB after long ones too."""

    rate: float
    memory: float


def peak_memory(process: int | str = "self") -> float:
    """The most memory that a process ever held, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / KILOBYTES for line in lines if line.startswith("VmHWM"))


def forget_peak() -> float:
    """Let the most memory that this process held be what it holds now, in MB: what comes after is what it grows by."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_memory()


def run(make: Callable[[Path], Render]) -> None:
    """The rival's side: render both sources so many times and print what was found."""
    fonts, rounds = Path(sys.argv[1]), int(sys.argv[2])
    short, long = json.load(sys.stdin)
    render = make(fonts)
    render(short)
    started = time.perf_counter()
    for _ in range(rounds):
        render(short)
    rate = rounds / (time.perf_counter() - started)
    for _ in range(rounds):
        render(long)
    print(json.dumps(asdict(Alone(rate, peak_memory()))))


def ask(module: str, fonts: Path, rounds: int, sources: tuple[str, str]) -> Alone:
    """Our side: start the rival's module and read what it found."""
    command = [sys.executable, "-m", module, str(fonts), str(rounds)]
    done = subprocess.run(command, input=json.dumps(sources), capture_output=True, text=True, check=True)
    return Alone(**json.loads(done.stdout))
