"""The page of the system administrator."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.i18n import msg
from registry.core.web.shell import moment
from registry.jobs import daily, dispatch, heartbeat, leases, reasons, registry, services
from registry.jobs.dispatch import Broker
from registry.jobs.models import Job, JobStatus, WorkerKind, WorkerSign
from tests.conftest import Client
from tests.factories import make_user

from .conftest import Calls, enqueue, job, make_due


@pytest.fixture
def administrator(client: Client) -> Client:
    """The system administrator's browser."""
    with transaction():
        user = make_user(Role.SYSTEM_ADMIN, totp_secret_encrypted=b"enrolled")
    return client.sign_in(user)


def test_an_empty_page(administrator: Client) -> None:
    page = administrator.get("/system/jobs", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "No job has failed." in page.text
    assert "audit-checkpoint" in page.text


def test_what_waits_failed_and_was_done(administrator: Client) -> None:
    with transaction():
        services.enqueue("documents.render", "waiting", {"secret": "in the payload"})
        services.enqueue("documents.render", "broken").fail("<b>PdfError</b>", now())
        services.enqueue("documents.render", "old").finish(now() - timedelta(days=1))
        services.enqueue("daily.audit-checkpoint", "2026-03-10").finish(now())
    page = administrator.get("/system/jobs", headers={"Accept-Language": "en"}).text
    assert "&lt;b&gt;PdfError&lt;/b&gt;" in page
    assert "in the payload" not in page
    for text in ("waiting", "2026-03-10", "Try again"):
        assert text in page
    for status, text in (("failed", "broken"), ("done", "old"), ("queued", "waiting")):
        listed = administrator.get(f"/system/jobs/list?status={status}").text
        assert text in listed
        assert "in the payload" not in listed


def test_in_chinese(administrator: Client) -> None:
    assert administrator.get("/system/jobs").status_code == 200
    assert JobStatus.FAILED.label.english == "Failed"


@pytest.mark.parametrize("role", [Role.HANDLER, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_nobody_else(client: Client, role: Role) -> None:
    with transaction():
        user = make_user(role, totp_secret_encrypted=b"enrolled")
    assert client.sign_in(user).get("/system/jobs").status_code == 403


def test_signed_out(client: Client) -> None:
    assert client.get("/system/jobs").status_code in (302, 303)


# What the queue tells


def fail(key: str, kind: str = "test", error: str = "no") -> str:
    """A failed job; its public id."""
    public_id = enqueue(key, kind)
    with transaction():
        db.session.scalars(select(Job).where(Job.key == key)).one().fail(error, now())
    return public_id


def test_the_age_of_the_oldest_and_the_lease(administrator: Client) -> None:
    assert "Nothing waits" in page_of(administrator)
    enqueue("old", run_after=now() - timedelta(minutes=7, seconds=20))
    enqueue("later", run_after=now() + timedelta(hours=1))
    assert "7 minutes" in page_of(administrator)
    with transaction():
        until = now() + timedelta(minutes=5)
        db.session.scalars(select(Job).where(Job.key == "old")).one().claim("lease", now(), until)
    page = page_of(administrator)
    assert "Nothing waits" in page
    assert moment(until) in page


def test_a_reason_is_told_in_the_readers_language(administrator: Client) -> None:
    fail("1", error=reasons.written(msg("No job has failed.")))
    assert "没有失败的任务" in administrator.get("/system/jobs").text


def test_what_was_done_today(administrator: Client) -> None:
    assert "No job has been done today yet." in page_of(administrator)
    for key, seconds in (("1", 2), ("2", 4), ("3", 90)):
        enqueue(key, run_after=now() - timedelta(seconds=seconds))
        with transaction():
            done = db.session.scalars(select(Job).where(Job.key == key)).one()
            done.finish(done.run_after + timedelta(seconds=seconds))
    assert "4.0 s" in page_of(administrator)


def page_of(client: Client) -> str:
    """The page in English."""
    return client.get("/system/jobs", headers={"Accept-Language": "en"}).text


# Trying again


def events() -> list[tuple[str, str]]:
    """What the audit says of retries: which job, and its status before and after."""
    statement = (
        select(AuditEvent).where(AuditEvent.action == "system:retry", AuditEvent.succeeded).order_by(AuditEvent.id)
    )
    return [(row.object_label, " → ".join(row.changes["status"])) for row in db.session.scalars(statement)]


def test_a_failed_job_is_tried_again(administrator: Client, handler: Callable[..., Calls]) -> None:
    calls = handler()
    public_id = fail("1")
    answer = administrator.post(f"/system/jobs/{public_id}/retry")
    assert (answer.status_code, answer.location) == (303, "/system/jobs")
    assert job().status is JobStatus.QUEUED
    assert events() == [("test 1", "failed → queued")]
    assert leases.run_next()
    assert len(calls) == 1


def test_a_second_click_changes_nothing(administrator: Client) -> None:
    public_id = fail("1")
    for _click in range(2):
        assert administrator.post(f"/system/jobs/{public_id}/retry", data={"nonce": "n1"}).status_code == 303
    assert len(events()) == 1


def test_what_has_not_failed_is_not_tried_again(administrator: Client) -> None:
    assert administrator.post(f"/system/jobs/{enqueue('1')}/retry").status_code == 409
    assert administrator.post("/system/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV/retry").status_code == 404
    assert events() == []


def test_all_of_a_kind_are_tried_again(administrator: Client) -> None:
    for key in ("1", "2"):
        fail(key)
    fail("other", kind="daily.audit-checkpoint")
    assert "Try all 2 again" in page_of(administrator)
    assert administrator.post("/system/jobs/retry", data={"kind": "test"}).status_code == 303
    assert [job(key).status for key in ("1", "2", "other")] == [JobStatus.QUEUED, JobStatus.QUEUED, JobStatus.FAILED]
    assert len(events()) == 2
    assert administrator.post("/system/jobs/retry", data={"kind": "unknown"}).status_code == 303


@pytest.mark.parametrize("role", [Role.HANDLER, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_nobody_else_tries_again(client: Client, role: Role) -> None:
    public_id = fail("1")
    with transaction():
        user = make_user(role, totp_secret_encrypted=b"enrolled")
    assert client.sign_in(user).post(f"/system/jobs/{public_id}/retry").status_code == 403
    assert client.post("/system/jobs/retry", data={"kind": "test"}).status_code == 403
    assert job().status is JobStatus.FAILED


@pytest.mark.parametrize("address", ["/system/jobs/list", "/system/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_the_other_pages_are_the_administrators_too(client: Client, address: str) -> None:
    assert client.get(address).status_code in (302, 303)
    with transaction():
        user = make_user(Role.AUDITOR, totp_secret_encrypted=b"enrolled")
    assert client.sign_in(user).get(address).status_code == 403


# How things stand


def test_whether_a_worker_is_alive(administrator: Client) -> None:
    assert "start flask registry work" in page_of(administrator)
    heartbeat.beat(WorkerKind.EMBEDDED)
    page = page_of(administrator)
    assert "start flask registry work" not in page
    assert "beside the server" in page
    with transaction():
        db.session.execute(update(WorkerSign).values(seen_at=now() - timedelta(minutes=40)))
    assert "start flask registry work" in page_of(administrator)


def test_whether_the_broker_answers(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Broker" not in page_of(administrator)
    monkeypatch.setattr(dispatch, "_brokers", {"": Broker(lambda _ids: None, lambda: True)})
    assert "Answers" in page_of(administrator)
    monkeypatch.setattr(dispatch, "_brokers", {"": Broker(lambda _ids: None, lambda: bool(1 / 0))})
    assert "Does not answer" in page_of(administrator)


def test_what_fails_why_and_since_when(administrator: Client) -> None:
    for key, hours, error in (("1", 50, "first"), ("2", 1, "last")):
        fail(key, error=error)
        with transaction():
            db.session.execute(update(Job).where(Job.key == key).values(finished_at=now() - timedelta(hours=hours)))
    page = page_of(administrator)
    assert "last" in page
    assert ">first<" not in page
    assert "the first 2 days ago" in page
    assert moment(now() - timedelta(hours=50))[:10] in page


def test_the_week_of_the_daily_tasks(administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_works", {})
    monkeypatch.setattr(daily, "_tasks", {})
    for name in ("good", "bad"):
        daily.daily(name, msg("Done"))(lambda _day: None)
    assert "0 of 2 done" in page_of(administrator)
    daily.enqueue_due()
    assert leases.run_next()
    assert "1 of 2 done" in page_of(administrator)
    with transaction():
        db.session.scalars(select(Job).where(Job.kind == "daily.good")).one().fail("no", now())
    page = page_of(administrator)
    assert "1 failed" in page
    assert page.count("no run") == 2 * 6
    assert re.search(r"\b[0-9]+\.[0-9] s\b", page)


def test_the_page_costs_the_same_at_any_size(administrator: Client, statements: Callable[[], int]) -> None:
    page_of(administrator)
    before = statements()
    page_of(administrator)
    small = statements() - before
    with transaction():
        for number in range(40):
            services.enqueue(f"test.{number % 9}", str(number)).fail("no", now())
    before = statements()
    page_of(administrator)
    assert statements() - before == small <= 20


@pytest.fixture
def statements(app: Flask) -> Callable[[], int]:
    """How many statements were sent so far."""
    sent: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    return lambda: len([one for one in sent if one.startswith("SELECT")])


# The list and one job


def listed(client: Client, query: str) -> str:
    """The list in English."""
    return client.get(f"/system/jobs/list?{query}", headers={"Accept-Language": "en"}).text


def test_the_list_is_filtered_and_paged(administrator: Client) -> None:
    for number in range(30):
        fail(f"many-{number:02}")
    fail("other", kind="daily.audit-checkpoint")
    assert "31 in total" in listed(administrator, "")
    assert "page=2" in listed(administrator, "")
    assert "many-00" in listed(administrator, "page=2")
    assert "30 in total" in listed(administrator, "kind=test")
    assert "1 in total" in listed(administrator, "kind=daily.audit-checkpoint&status=nonsense")
    assert "10 in total" in listed(administrator, "key=many-1")
    assert "No job fits." in listed(administrator, "key=%25")
    assert "No job fits." in listed(administrator, "status=done")
    assert "Try all again: test" in listed(administrator, "kind=test")


def test_one_job_with_its_attempts(administrator: Client, handler: Callable[..., Calls]) -> None:
    handler(ValueError("call 13800138000"))
    public_id = enqueue(payload={"secret": "in the payload"})
    address = f"/system/jobs/{public_id}"
    assert "Nobody has tried it yet." in administrator.get(address, headers={"Accept-Language": "en"}).text
    for _attempt in range(2):
        leases.run_next()
        make_due()
    page = administrator.get(address, headers={"Accept-Language": "en"}).text
    assert "ValueError: call ***" in page
    assert page.count("<tr>") == 1 + 2
    assert "in the payload" not in page
    assert administrator.get("/system/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404


def test_who_came_from_the_job_goes_back_to_it(administrator: Client) -> None:
    public_id = fail("1")
    answer = administrator.post(f"/system/jobs/{public_id}/retry", data={"back": "job"})
    assert answer.location == f"/system/jobs/{public_id}"
    assert "Queued" in administrator.get(answer.location, headers={"Accept-Language": "en"}).text
