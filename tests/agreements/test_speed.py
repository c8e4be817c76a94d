"""Counts of queries, never times: a page asks the same few questions however many rows there are."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from registry.core.db import db, transaction
from tests.agreements.scene import Scene, make_scene
from tests.conftest import Client

SHELL = 3  # session with user, roles, what waits and what is unread


@pytest.fixture
def scene(client: Client) -> Scene:
    with transaction():
        return make_scene()


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_list_asks_four_questions(app: Flask, scene: Scene, client: Client) -> None:
    with transaction():
        for number in range(12):
            scene.draft(title_zh=f"协议{number}")
    client.sign_in(scene.bureau.handler)
    client.get("/agreements")
    with counted() as seen:
        assert client.get("/agreements").status_code == 200
    assert len(seen) <= 4 + SHELL + 1, "\n".join(seen)  # and the localities of the filter


@pytest.mark.parametrize("state", ["draft", "signed_by_all", "in_force"])
def test_page_asks_a_fixed_number_of_questions(scene: Scene, client: Client, state: str) -> None:
    with transaction():
        address = f"/agreements/{getattr(scene, state)().public_id}"
    client.sign_in(scene.bureau.seal_keeper)
    client.get(address)
    with counted() as seen:
        assert client.get(address).status_code == 200
    signed = 3 if state == "in_force" else 0  # the archive ledger, its promises, working days left
    assert len(seen) <= 13 + signed + SHELL, "\n".join(seen)
