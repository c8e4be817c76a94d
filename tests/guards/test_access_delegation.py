"""Closed by default for stand-ins too: a delegation opens the two clearance endpoints on its days, and nothing else."""

from datetime import timedelta

import pytest

from registry.accounts import models
from registry.accounts.inputs import Handover
from registry.accounts.models import User
from registry.accounts.services import delegations
from registry.core.access.actions import Action
from registry.core.access.roles import APPROVING, Role
from registry.core.access.table import DELEGABLE, TABLE
from registry.core.dates import today
from registry.core.db import transaction
from tests.conftest import Client
from tests.factories import make_organisation, make_user

from . import access

OPENED = {"agreements.clear", "agreements.send_back"}
PLAIN = Role.VIEWER


def stand_in(role: Role, first: int = 0, last: int = 0) -> User:
    with transaction():
        place = make_organisation()
        giver, receiver = make_user(role, organisation=place), make_user(PLAIN, organisation=place)
        days = (today() + timedelta(days=first), today() + timedelta(days=last))
        delegations.hand_over(giver, Handover(role, receiver.public_id, *days, "出差"))
        return receiver


def test_only_clearance_is_delegable_and_only_of_roles_that_judge() -> None:
    assert {Action.AGREEMENT_CLEAR, Action.AGREEMENT_RETURN} == DELEGABLE
    assert all(TABLE[action].roles == APPROVING for action in DELEGABLE)


@pytest.mark.parametrize("role", sorted(APPROVING))
def test_every_route_as_a_stand_in(client: Client, role: Role) -> None:
    user = stand_in(role)
    may = True
    for method in ("GET", "POST"):
        for endpoint, address in access.requests(client.application, method, is_open=False):
            if may:  # what was done last may have ended the session
                client.sign_in(user)
            action = access.action_of(client.application, endpoint)
            assert action is not None
            may = PLAIN in TABLE[action].roles or endpoint in OPENED
            with client.open(address, method=method, headers=access.told(may)) as answer:
                status = answer.status_code
            assert (status != 403) is may, f"{method} {address} ({endpoint}) gave {status} to a stand-in {role}"


@pytest.mark.parametrize(("first", "last", "then"), [(1, 3, 0), (0, 2, 3)], ids=["before", "after"])
def test_on_other_days_not_even_these(
    client: Client, monkeypatch: pytest.MonkeyPatch, first: int, last: int, then: int
) -> None:
    user = stand_in(Role.LEADER, first, last)
    client.sign_in(user)
    day = today() + timedelta(days=then)
    monkeypatch.setattr(models, "today", lambda: day)
    for endpoint, address in access.requests(client.application, "POST", is_open=False):
        if endpoint in OPENED:
            assert client.post(address).status_code == 403
