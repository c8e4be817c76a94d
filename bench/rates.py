"""What a part of a benchmark takes, by the processor and by the clock, in the application as it is served.

Processor time is the program's, SQLite within it, and that of the PostgreSQL process that serves it on this machine.
"""

import gc
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from registry.core.db import db

from .plenty import application

Figures = dict[str, float]
Took = tuple[float, float]  # seconds of the processor, of the clock
NANO = 1_000_000_000
_serving: list[Path] = []  # what the system tells of a server's processor time


def served(folder: Path, url: str = "") -> Flask:
    """The application as `wsgi` has it, with one connection to its server, whose work is counted too."""
    app = application(folder, url)
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            _serving[:] = [Path(f"/proc/{db.session.scalar(text('SELECT pg_backend_pid()'))}/schedstat")]
        db.session.remove()
    gc.collect()
    gc.freeze()
    return app


def rates(name: str, rows: int, took: Took) -> Figures:
    """Rows a second of both."""
    return {name: rows / took[0], f"{name}_by_clock": rows / took[1]}


def moment() -> Took:
    """Where both stand."""
    server = sum(int(one.read_text().split()[0]) for one in _serving) / NANO
    return time.process_time() + server, time.perf_counter()


def since(started: Took) -> Took:
    """What passed."""
    processor, clock = moment()
    return processor - started[0], clock - started[1]


def spent(work: Callable[[], object]) -> Took:
    """What a piece of work takes."""
    started = moment()
    work()
    return since(started)
