"""`python -m tests.jobs.forking`: imports the registry once, and forks a worker for each line that it reads.

Each worker is a process of its own that runs what `flask registry work` runs, and can be killed; its number is printed.
"""

import os
import sys

from flask import Flask

from registry.app import create_app
from registry.jobs import daily
from registry.jobs.worker import Worker

from . import site


def serve(app: Flask) -> None:
    """A worker for each line."""
    for _line in sys.stdin:
        child = os.fork()
        if not child:
            Worker(app).run()
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    daily._tasks.clear()
    site.wait_at_points()
    serve(create_app())
