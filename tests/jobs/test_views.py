"""The page of the system administrator."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.i18n import msg
from registry.core.web.shell import moment
from registry.jobs import leases, reasons, services
from registry.jobs.models import Job, JobStatus
from tests.conftest import Client
from tests.factories import make_user

from .conftest import Calls, enqueue, job


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
    for text in ("waiting", "broken", "old", "2026-03-10", "Try again"):
        assert text in page


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
    assert "Try all again: test (2)" in page_of(administrator)
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
