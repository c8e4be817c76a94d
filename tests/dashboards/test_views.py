"""The first screen."""

from registry.core.db import transaction
from tests.conftest import Client
from tests.factories import make_user


def test_home_needs_a_user(client: Client) -> None:
    assert client.get("/").status_code == 303


def test_home_greets_a_user(client: Client) -> None:
    with transaction():
        user = make_user()
    assert client.sign_in(user).get("/").status_code == 200
