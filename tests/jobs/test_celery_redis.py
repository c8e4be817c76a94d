"""Jobs handed to a real Celery on a real Redis: workers are killed in mid-job, and so is Redis with all it knows.

One run, on PostgreSQL as a large site has it. SIGKILL everywhere: nobody can put anything in order before they go.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import redis
from flask import Flask
from sqlalchemy import select

from bench.server import free_port
from registry.core.config import ROOT
from registry.core.db import db, transaction
from registry.jobs import dispatch, heartbeat, services
from registry.jobs.celery_handover import broker
from registry.jobs.models import AttemptOutcome, Job, JobAttempt, JobStatus, WorkerKind, WorkerSign
from tests.databases import Database

from .conftest import until
from .site import KIND

pytestmark = pytest.mark.only("postgresql")
NOT_HELD_UP = 5.0  # seconds: the client by itself tries for six
# Debian's package redis-tools holds the server's program too, which knows by its name what it is to be.
SAME_PROGRAM = "/usr/bin/redis-check-rdb"


@dataclass
class Redis:
    """A Redis that keeps nothing on the disk."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """As REGISTRY_CELERY_BROKER has it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        program = self.folder / "redis-server"
        if not program.exists():
            program.symlink_to(shutil.which("redis-server") or SAME_PROGRAM)
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([program, *options], cwd=self.folder, stdout=subprocess.DEVNULL)
        until(self._answers)

    def kill(self) -> None:
        """Kill it; what it held is gone."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def held(self) -> int:
        """How many messages wait in it."""
        with redis.Redis(port=self.port) as client:
            return int(client.llen("celery"))

    def _answers(self) -> bool:
        with redis.Redis(port=self.port) as client, suppress(redis.ConnectionError):
            return bool(client.ping())
        return False


@dataclass
class Workers:
    """Celery workers as the README starts them, each with its own processes."""

    environment: dict[str, str]
    log: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> subprocess.Popen[bytes]:
        """One more."""
        options = [
            "--beat",
            "--concurrency",
            "2",
            "--include",
            "tests.jobs.site",
            "--hostname",
            f"{len(self.running)}@%h",
        ]
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "celery_worker", "worker", *options],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self.running.append(started)
        return started

    def keep_up(self) -> None:
        """Start again what ended by itself, as `deploy/registry-celery.service` does."""
        if self.running[-1].poll() is not None:
            self.start()

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """The whole of it, its children too."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


@pytest.fixture
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """A running Redis that this process hands its jobs to."""
    made = Redis(tmp_path)
    made.start()
    monkeypatch.setattr(dispatch, "_brokers", {"": broker(made.address)})
    monkeypatch.setattr(dispatch, "_rest_until", 0.0)
    monkeypatch.setattr(dispatch, "REST_SECONDS", 0.0)
    yield made
    made.kill()


@pytest.fixture
def workers(store: Redis, database: Database, tmp_path: Path) -> Iterator[Workers]:
    """Starts workers, and kills those that are left."""
    environment = os.environ | {
        "REGISTRY_DEMO": "1", "REGISTRY_DATABASE_URL": database.url, "REGISTRY_INSTANCE": str(tmp_path),
        "REGISTRY_CELERY_BROKER": store.address,
    }  # fmt: skip
    made = Workers(environment, tmp_path / "celery.log")
    yield made
    for worker in made.running:
        made.kill(worker)


def enqueue(folder: Path, *keys: str, wait: str = "") -> None:
    with transaction():
        for key in keys:
            services.enqueue(KIND, key, {"key": key, "wait": wait, "folder": str(folder)})


def undone() -> int:
    return len(db.session.scalars(select(Job.id).where(Job.kind == KIND, Job.status != JobStatus.DONE)).all())


def all_done(workers: Workers) -> bool:
    """Whether everything is; kombu ends a worker whose broker and child go at one moment, which delays it."""
    workers.keep_up()
    return undone() == 0


def test_nothing_is_lost_and_nothing_is_done_twice(
    app: Flask, store: Redis, workers: Workers, outcomes: Callable[[], list[str]], tmp_path: Path
) -> None:
    first = workers.start()

    # A worker dies with both its processes, one in the middle of a job, one between its result and the note of it.
    enqueue(tmp_path, "begun", wait="begun")
    enqueue(tmp_path, "written", wait="written")
    until((tmp_path / "begun-begun").exists)
    until((tmp_path / "written-written").exists)
    workers.kill(first)

    # Nobody is there, and Redis loses what it holds; then Redis is gone while work is ordered.
    enqueue(tmp_path, "emptied")
    assert store.held() >= 1
    store.kill()
    began = time.monotonic()
    enqueue(tmp_path, "without-broker")
    assert time.monotonic() - began < NOT_HELD_UP
    assert dispatch.broker_answers() is False
    store.start()
    assert (store.held(), dispatch.broker_answers()) == (0, True)

    # A new worker finds everything; one of its processes dies, and Redis once more under its hands.
    workers.start()
    enqueue(tmp_path, "child", wait="begun")
    until((tmp_path / "child-begun").exists)
    os.kill(int((tmp_path / "child-begun").read_text()), signal.SIGKILL)
    store.kill()
    enqueue(tmp_path, "last")
    store.start()
    until(lambda: all_done(workers))

    assert outcomes() == ["begun", "child", "emptied", "last", "without-broker", "written"]
    log = Counter(db.session.execute(select(Job.key, JobAttempt.outcome).join(Job, Job.id == JobAttempt.job_id)).all())
    assert {number for (_key, outcome), number in log.items() if outcome is AttemptOutcome.DONE} == {1}
    assert {key for key, outcome in log if outcome is AttemptOutcome.LOST} >= {"begun", "written", "child"}
    sign = db.session.scalars(select(WorkerSign)).one()
    assert (sign.name, sign.kind) == (heartbeat.name_of(WorkerKind.CELERY), WorkerKind.CELERY)
