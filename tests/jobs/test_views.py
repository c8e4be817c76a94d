"""The page of the system administrator."""

from datetime import timedelta

import pytest

from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import transaction
from registry.jobs import services
from registry.jobs.models import JobStatus
from tests.conftest import Client
from tests.factories import make_user


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
    for text in ("waiting", "broken", "old", "2026-03-10", "retry-job"):
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
