"""A worker of its own is killed by the system in the middle of a post: somebody else posts again."""

import os
import signal
import subprocess
import sys

import pytest
from flask import Flask

from registry.core.config import ROOT
from registry.core.db import db, transaction
from registry.messages.enums import DeliveryStatus, Outcome
from tests.databases import Database

from .conftest import Outbound
from .receivers import Receiver
from .scene import attempts, deliveries, make_channel, make_scene, time_passes, told, work

PATIENCE = 240.0  # seconds: a program that starts waits for the disk like everybody else


@pytest.mark.only("sqlite")
def test_killed_in_the_middle(app: Flask, database: Database, outbound: Outbound, receiver: Receiver) -> None:
    outbound(webhook_hosts=(receiver.allowed,))
    with transaction():
        scene = make_scene()
        make_channel(scene.bureau, receiver.url)
    scene.tell()
    instance = app.extensions["settings"].instance
    given = {
        "REGISTRY_DATABASE_URL": database.url, "REGISTRY_INSTANCE": str(instance), "REGISTRY_DEMO": "1",
        "REGISTRY_WEBHOOK_HOSTS": receiver.allowed, "FLASK_APP": "wsgi.py",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "registry", "work"]
    worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stderr=subprocess.DEVNULL)
    receiver.before = lambda: worker.send_signal(signal.SIGKILL)
    try:
        assert worker.wait(PATIENCE) == -signal.SIGKILL
    finally:
        worker.kill()  # or it would go on in the databases of the tests that follow
        worker.wait()
    receiver.before = lambda: None
    db.session.expire_all()
    assert ([one.status for one in deliveries()], len(receiver.posts)) == ([DeliveryStatus.QUEUED], 1)
    time_passes()
    work()
    assert [one.outcome for one in attempts()] == [Outcome.BEGUN, Outcome.ACCEPTED]
    assert [one.headers["X-Registry-Delivery"] for one in receiver.posts] == [deliveries()[0].public_id] * 2
    assert deliveries()[0].status is DeliveryStatus.SENT
    assert len(told(scene.reader)) == 1
