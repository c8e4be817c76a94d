"""The page of the jobs, and what an agreement's page says of a document that is not there yet."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from registry.accounts.models import User
from registry.agreements.services import signing
from registry.core.access.roles import Role
from registry.core.dates import now
from registry.core.db import db, transaction
from registry.core.i18n import msg
from registry.jobs import reasons, services
from registry.jobs.models import Job
from tests.agreements.scene import Scene, make_scene
from tests.factories import make_user

from .conftest import VIEWS, Site, follow

pytestmark = pytest.mark.browser
Check = Callable[[Page], None]
REASON = msg("No font has these characters: %(characters)s", characters="𬎆 (U+2C386)")


@pytest.fixture
def administrator(app: Flask) -> User:
    """The system administrator, and jobs in every state."""
    with transaction():
        for number in range(3):
            job = services.enqueue(signing.SIGNING_COPY_JOB, f"01KB6ZP0QJ5V7WXCX1N7R5N1D{number}")
            job.fail(reasons.written(REASON), now())
        services.enqueue(signing.REGISTRY_COPY_JOB, "1").fail("ConnectionError: the store does not answer", now())
        services.enqueue("test", "waiting", run_after=now() - timedelta(minutes=12))
        services.enqueue("test", "later").postpone("OperationalError: database is locked", now() + timedelta(minutes=1))
        services.enqueue("test", "running").claim("lease", now(), now() + timedelta(minutes=5))
        services.enqueue("test", "done").finish(now() + timedelta(seconds=3))
        return make_user(Role.SYSTEM_ADMIN, totp_secret_encrypted=b"enrolled")


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_the_queue_is_sound(site: Site, administrator: User, check_page: Check, language: str, width: int) -> None:
    page = site.open("/system/jobs", administrator, language=language, width=width)
    check_page(page)
    page.goto("/system/jobs/list")
    check_page(page)
    follow(page.locator("tbody th a").first)
    check_page(page)


def test_a_failed_job_is_tried_again_without_scripts(site: Site, administrator: User) -> None:
    page = site.open("/system/jobs", administrator, language="en", scripts=False)
    follow(page.get_by_role("link", name="Make a registry copy"))
    follow(page.get_by_role("button", name="Try again", exact=True))
    expect(page.locator(".note-ok")).to_contain_text("The job will be tried again")
    follow(page.get_by_role("button", name="Try all 3 again"))
    expect(page.locator(".note-ok")).to_contain_text("will be tried again")
    expect(page.get_by_text("No job has failed.")).to_be_visible()


@pytest.fixture
def scene(app: Flask) -> Scene:
    with transaction():
        return make_scene()


def end(failed: bool, run_after: timedelta = timedelta()) -> None:
    """Let the job of the signing copy fail, or be put off."""
    with transaction():
        job = db.session.scalars(select(Job).where(Job.kind == signing.SIGNING_COPY_JOB)).one()
        if failed:
            job.fail(reasons.written(REASON), now())
        else:
            job.postpone(reasons.written(REASON), now() + run_after)


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_the_state_of_a_document_is_told(
    site: Site, scene: Scene, check_page: Check, language: str, width: int
) -> None:
    with transaction():
        address = f"/agreements/{scene.signing().public_id}"
    page = site.open(address, scene.bureau.handler, language=language, width=width)
    check_page(page)
    end(failed=False, run_after=timedelta(minutes=5))
    page.goto(address)
    check_page(page)
    end(failed=True)
    page.goto(address)
    check_page(page)
    page.locator("form[action$='/remake'] button").click()
    expect(page.locator(".note-ok")).to_be_visible()
    expect(page.locator("form[action$='/remake']")).to_have_count(0)
