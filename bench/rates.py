"""What a part of a benchmark takes, by the processor and by the clock, in the application as it is served."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from .plenty import application

Figures = dict[str, float]
Took = tuple[float, float]  # seconds of the processor, of the clock


def served(folder: Path, url: str) -> Flask:
    """The application as `wsgi` has it."""
    app = application(folder, url)
    gc.collect()
    gc.freeze()
    return app


def rates(name: str, rows: int, took: Took) -> Figures:
    """Rows a second of both."""
    return {name: rows / took[0], f"{name}_by_clock": rows / took[1]}


def moment() -> Took:
    """Where both stand."""
    return time.process_time(), time.perf_counter()


def since(started: Took) -> Took:
    """What passed."""
    processor, clock = moment()
    return processor - started[0], clock - started[1]


def spent(work: Callable[[], object]) -> Took:
    """What a piece of work takes."""
    started = moment()
    work()
    return since(started)
