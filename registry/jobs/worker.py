"""The worker: a thread beside the server, or a process of its own (`flask registry work`). 后台工作线程."""

import logging
import time
from contextlib import suppress
from datetime import date
from threading import Event, Thread

from flask import Flask

from ..core.dates import today
from ..core.db import db
from . import daily, heartbeat
from .dispatch import WAKE
from .leases import run_next
from .models import WorkerKind

POLL_SECONDS = 2.0
PAUSE_AFTER_ERROR = 5.0
log = logging.getLogger(__name__)


class Worker:
    """Does jobs until it is stopped: at once when this process enqueues one, else when it looks, every 2 seconds."""

    def __init__(self, app: Flask, kind: WorkerKind = WorkerKind.PROCESS) -> None:
        self.app = app
        self.kind = kind
        self._stopped = Event()
        self._thread = Thread(target=self.run, name="jobs", daemon=True)
        self._day: date | None = None
        self._beat_at: float | None = None

    def start(self) -> None:
        """Begin, in a thread."""
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> bool:
        """Let the job in hand finish, at most `timeout` seconds; False if it had not, and will be taken up again."""
        self.ask_to_stop()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def ask_to_stop(self) -> None:
        """Take no further job; safe in a signal handler."""
        self._stopped.set()
        WAKE.set()

    def run(self) -> None:
        """Work until stopped. A database that does not answer is asked again; nothing ends the loop but `stop`."""
        while not self._stopped.is_set():
            try:
                found = self.work_once()
            except Exception:  # the worker outlives whatever is the matter
                log.exception("the worker could not work")
                self._stopped.wait(PAUSE_AFTER_ERROR)
                continue
            if not found:
                WAKE.wait(POLL_SECONDS)
        self._sign_off()

    def work_once(self) -> bool:
        """Do one job; False when there was none."""
        WAKE.clear()  # before looking, so that a job enqueued meanwhile wakes us again
        with self.app.app_context():
            try:
                self._beat()
                self._begin_day()
                return run_next()
            finally:
                db.session.remove()

    def _beat(self) -> None:
        if self._beat_at is None or time.monotonic() - self._beat_at >= heartbeat.BEAT_SECONDS:
            heartbeat.beat(self.kind)
            self._beat_at = time.monotonic()

    def _sign_off(self) -> None:
        with self.app.app_context(), suppress(Exception):  # the database may be what made us stop
            heartbeat.sign_off(self.kind)
            db.session.remove()

    def _begin_day(self) -> None:
        if self._day != today():
            daily.enqueue_due()
            self._day = today()


def start_worker(app: Flask) -> Worker:
    """Start a worker thread in this process; the caller stops it."""
    worker = Worker(app, WorkerKind.EMBEDDED)
    worker.start()
    return worker
