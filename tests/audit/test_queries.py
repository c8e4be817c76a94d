"""Reading the chain."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import event

from registry.audit import queries, services
from registry.audit.queries import EventFilter
from registry.core.db import db, transaction
from tests.factories import make_user

from .conftest import Thing, happen


def actions(**wanted: object) -> list[str]:
    rows, total = queries.list_events(EventFilter(**wanted))  # type: ignore[arg-type]  # the test names the fields
    assert total == len(rows)
    return [row.action for row in rows]


@pytest.fixture
def past(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four events on two days."""
    moments = iter([datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in ((1, 15), (1, 16), (2, 1), (2, 17))])
    monkeypatch.setattr(services, "now", lambda: next(moments))
    with transaction():
        user = make_user(name="王经办_一")
        services.record(user, "agreement:edit", Thing())
        services.record(user, "agreement:sign", Thing("01J00000000000000000000002", "对接备忘录"))
        services.record(None, "audit:export", reason="100%")
        services.record(user, "agreement:edit", Thing(), succeeded=False)


@pytest.mark.usefixtures("past")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, ["agreement:edit", "audit:export", "agreement:sign", "agreement:edit"]),
        ({"actor": "王经办"}, ["agreement:edit", "agreement:sign", "agreement:edit"]),
        ({"actor": "办_一"}, ["agreement:edit", "agreement:sign", "agreement:edit"]),
        ({"actor": "王_"}, []),
        ({"actor": "%"}, []),
        ({"action": "agreement:sign"}, ["agreement:sign"]),
        ({"subject": "备忘"}, ["agreement:sign"]),
        ({"subject": "01J00000000000000000000002"}, ["agreement:sign"]),
        ({"since": date(2026, 3, 2)}, ["agreement:edit", "audit:export", "agreement:sign"]),
        ({"until": date(2026, 3, 1)}, ["agreement:edit"]),
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 2)}, ["audit:export", "agreement:sign"]),
        ({"succeeded": False}, ["agreement:edit"]),
        ({"succeeded": True, "action": "agreement:edit"}, ["agreement:edit"]),
    ],
)
def test_filters(wanted: dict[str, object], expected: list[str]) -> None:
    assert actions(**wanted) == expected


def test_one_record_is_traced_through_its_names_and_what_names_it(app: Flask) -> None:
    agreement, other = "01J00000000000000000000003", "01J00000000000000000000004"
    with transaction():
        services.record(None, "agreement:register", Thing(agreement, "草稿"))
        services.record(None, "agreement:sign", Thing(agreement, "鞍校地协〔2023〕1号 草稿"))
        services.record(None, "contact:reveal", Thing(other, "#A1B2C3"), reason="核对鞍校地协〔2023〕1号")
        services.record(None, "ledger:export", changes={"text": ("", "鞍校地协〔2023〕1号"), "count": ("", 1)})
        services.record(None, "ledger:export", changes={"text": ("", "沈校地协〔2023〕1号"), "count": ("", 7)})
        services.record(None, "agreement:edit", Thing(other, "另一份协议"))
    traced = ["ledger:export", "contact:reveal", "agreement:sign", "agreement:register"]
    assert actions(subject="鞍校地协〔2023〕1号") == traced
    assert actions(subject=agreement) == traced[2:]
    assert actions(subject="_校地协") == actions(subject="鞍%") == []


def test_pages(app: Flask) -> None:
    happen(times=5)
    rows, total = queries.list_events(EventFilter(), offset=2, limit=2)
    assert [row.seq for row in rows] == [3, 2]
    assert total == 5


def test_the_count_stops(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNT_LIMIT", 3)
    happen(times=6)
    assert queries.list_events(EventFilter())[1] == 4


def test_a_page_costs_two_queries(app: Flask) -> None:
    happen(times=3)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    queries.list_events(EventFilter(actor="x"))
    assert len([one for one in statements if one.startswith("SELECT")]) == 2


def test_an_export_streams_in_order(app: Flask) -> None:
    happen(times=7)
    assert [row.seq for row in queries.iterate_events(EventFilter(), batch=3)] == [1, 2, 3, 4, 5, 6, 7]
    assert list(queries.iterate_events(EventFilter(action="nothing"))) == []


@pytest.mark.usefixtures("past")
def test_actions_that_were_recorded() -> None:
    assert queries.distinct_actions() == ["agreement:edit", "agreement:sign", "audit:export"]


def test_no_actions_yet(app: Flask) -> None:
    assert queries.distinct_actions() == []


@pytest.mark.usefixtures("past")
def test_history_of_one_record() -> None:
    rows = queries.history_of("thing", Thing().public_id)
    assert [(row.seq, row.succeeded) for row in rows] == [(4, False), (1, True)]
    assert [row.seq for row in queries.history_of("thing", Thing().public_id, limit=1)] == [4]
    assert queries.history_of("organisation", Thing().public_id) == []
