"""Refusals are events of their own."""

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from registry.audit import hooks, services
from registry.audit.models import AuditEvent
from registry.core.access.actions import Action
from registry.core.access.roles import Role
from registry.core.db import db, transaction
from registry.core.errors import Conflict, Forbidden, NotFound
from registry.core.i18n import msg
from registry.core.refusals import Refusal
from registry.core.web.guard import needs
from tests.conftest import Client
from tests.factories import make_user

from .conftest import Thing

blueprint = Blueprint("refusals", __name__)
ERRORS = {"forbidden": Forbidden(msg("Not yours: %(name)s", name="甲")), "absent": NotFound(), "state": Conflict()}


@blueprint.route("/test-refusals/<kind>/<public_id>", methods=["GET", "POST"])
@needs(Action.AGREEMENT_EDIT)
def refuse(kind: str, public_id: str) -> str:
    """Do something, then refuse."""
    with transaction():
        services.record(None, "undone")
        raise ERRORS[kind]


@pytest.fixture
def refusing(client: Client, app: Flask) -> Client:
    """Somebody signed in, before pages that refuse."""
    if "refusals" not in app.blueprints:
        app._got_first_request = False
        app.register_blueprint(blueprint)
    with transaction():
        user = make_user(Role.HANDLER, name="王经办")
    return client.sign_in(user)


def recorded() -> list[AuditEvent]:
    return list(db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


@pytest.mark.parametrize(("kind", "status", "reason"), [
    ("forbidden", 403, "Not yours: 甲"),
    ("absent", 404, "This page or record does not exist, or is outside your scope"),
])  # fmt: skip
def test_a_refused_change_is_recorded(refusing: Client, kind: str, status: int, reason: str) -> None:
    assert refusing.post(f"/test-refusals/{kind}/01J00000000000000000000001").status_code == status
    (event,) = recorded()
    assert (event.action, event.succeeded, event.actor_name) == ("agreement:edit", False, "王经办")
    assert (event.object_id, event.reason) == ("01J00000000000000000000001", reason)
    assert event.request_id


def test_reading_and_wrong_states_are_no_refusals(refusing: Client) -> None:
    assert refusing.get("/test-refusals/forbidden/x").status_code == 403
    assert refusing.post("/test-refusals/state/x").status_code == 409
    assert not recorded()


def test_a_role_that_the_guard_refuses(refusing: Client) -> None:
    with transaction():
        viewer = make_user(Role.VIEWER)
    assert refusing.sign_in(viewer).post("/test-refusals/absent/x").status_code == 403
    (event,) = recorded()
    assert event.reason == "This needs one of the roles: Handler"


def test_another_site(refusing: Client) -> None:
    answer = refusing.post("/test-refusals/absent/x", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert [event.succeeded for event in recorded()] == [False]


def test_nobody_signed_in_fills_the_audit(refusing: Client) -> None:
    refusing.delete_cookie("__Host-session")
    refusing.post("/test-refusals/absent/x", headers={"Sec-Fetch-Site": "cross-site"})
    refusing.post("/no/such/page")
    assert not recorded()


def test_a_refusal_that_cannot_be_recorded_is_still_a_refusal(
    refusing: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(hooks, "record_refusal", broken)
    assert refusing.post("/test-refusals/forbidden/x").status_code == 403


def test_by_hand(app: Flask) -> None:
    with transaction():
        user = make_user()
    services.record_refusal(user, Action.AGREEMENT_SUBMIT, Thing(), "not now")
    hooks._record(Refusal(user, "agreement:edit", "", msg("You may not do this")))
    first, second = recorded()
    assert (first.object_label, first.succeeded, first.reason) == ("校地合作框架协议", False, "not now")
    assert (second.object_type, second.object_id) == ("", "")
