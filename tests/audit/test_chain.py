"""Events are numbered and chained at the end of the transaction."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from registry.audit import services
from registry.audit.chain import digest
from registry.audit.models import AuditEvent, AuditHead
from registry.audit.verify import verify
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.i18n import msg

from .conftest import Thing, happen


def events() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq)))


def test_events_follow_each_other(app: Flask) -> None:
    happen(times=3)
    first, second, third = events()
    assert [event.seq for event in (first, second, third)] == [1, 2, 3]
    assert [first.previous_hash, second.previous_hash] == ["0" * 64, first.hash]
    head = db.session.scalars(select(AuditHead)).one()
    assert (head.seq, head.hash) == (3, third.hash)


def test_several_events_of_one_transaction_keep_their_order(app: Flask) -> None:
    with transaction():
        services.record(None, "first")
        services.record(None, "second")
    assert [event.action for event in events()] == ["first", "second"]


def test_every_kind_of_value_has_the_same_digest_after_the_round_trip(app: Flask) -> None:
    changes = {
        "signed_on": (None, date(2023, 3, 18)),
        "amount": (Decimal("1.10"), 0.1),
        "at": (datetime(2023, 3, 18, 1, 2, 3, 4, UTC), datetime(2023, 3, 18, tzinfo=UTC)),
        "roles": (frozenset({Role.LEADER, Role.HANDLER}), [Role.VIEWER]),
        "名称": ("鞍山\x00", {"b": 1, "a": [True, None]}),
    }
    with transaction():
        services.record(None, "test", Thing(), changes, reason=msg("At most %(limit)s", limit=3))
    db.session.expire_all()
    (event,) = events()
    assert digest(event.__dict__) == event.hash
    assert event.changes["roles"] == [["handler", "leader"], ["viewer"]]
    assert event.reason == "At most 3"
    assert verify().is_good


def test_what_is_too_long_for_its_column_is_cut_before_the_digest(app: Flask) -> None:
    with transaction():
        services.record(None, "a" * 100, Thing(audit_label="校" * 900), reason="因" * 2000)
    (event,) = events()
    assert (len(event.action), len(event.object_label), len(event.reason)) == (60, 400, 1000)
    assert verify().is_good


def test_an_event_needs_a_transaction(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="open transaction"):
        services.record(None, "test")


class Undone(Exception):
    """Something went wrong in the middle."""


def record_and_fail(action: str) -> None:
    services.record(None, action)
    raise Undone


def test_what_is_rolled_back_leaves_no_event(app: Flask) -> None:
    with pytest.raises(Undone), transaction():
        record_and_fail("undone")
    happen()
    assert [event.action for event in events()] == ["agreement:edit"]


def test_a_savepoint_that_is_undone_takes_only_its_own_events(app: Flask) -> None:
    with transaction():
        services.record(None, "before")
        with pytest.raises(Undone), db.session.begin_nested():
            record_and_fail("inside")
        with db.session.begin_nested():
            services.record(None, "kept")
        services.record(None, "after")
    assert [event.action for event in events()] == ["before", "kept", "after"]
    assert verify().is_good


def test_concurrent_writers_get_unbroken_numbers(app: Flask) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with app.app_context():
                happen(times=10)
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert verify().events == 80


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET reason = 'x'",
        "DELETE FROM audit_event",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 1",
    ],
)
def test_the_database_itself_refuses_changes(app: Flask, statement: str) -> None:
    happen(times=2)
    with pytest.raises(DBAPIError, match="audit"), transaction():
        db.session.execute(text(statement))
    assert verify().events == 2


@pytest.mark.only("postgresql")  # SQLite has no TRUNCATE
def test_postgresql_refuses_to_empty_the_table(app: Flask) -> None:
    happen()
    with pytest.raises(SQLAlchemyError, match="append-only"), transaction():
        db.session.execute(text("TRUNCATE audit_event"))
