"""What was read long ago is forgotten, and what hangs on it; nothing that still waits."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from registry.core.dates import now
from registry.core.db import db, transaction
from registry.messages.enums import DeliveryStatus
from registry.messages.models import Message
from registry.messages.services import housekeeping

from .conftest import Outbound
from .scene import deliveries, make_scene, time_passes, with_email, work

OLD = timedelta(days=181)


def test_old_read_messages_go_with_their_deliveries(
    app: Flask, outbound: Outbound, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbound(smtp_url="smtp+plain://127.0.0.1:9")
    with transaction():
        scene = make_scene()
        with_email(scene.reader)
    for key in ("old", "waits", "new", "unread", "forgotten"):
        scene.tell(key=key)
    with transaction():
        messages = {one.key: one for one in db.session.scalars(select(Message))}
        messages["old"].read_at = messages["waits"].read_at = now() - OLD
        messages["new"].read_at = now()
        messages["forgotten"].created_at = now() - timedelta(days=731)
        for delivery in deliveries():
            if delivery.key != "waits":
                delivery.end(DeliveryStatus.SENT, now())
    monkeypatch.setattr(housekeeping, "AT_ONCE", 1)
    assert [housekeeping.forget_some(now()) for _ in range(3)] == [1, 1, 0]
    assert set(db.session.scalars(select(Message.key))) == {"waits", "new", "unread"}
    assert {one.key for one in deliveries()} == {"waits", "new", "unread"}
    time_passes()
    work()  # a job of what is forgotten finds nothing to do
