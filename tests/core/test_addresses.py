"""Addresses are those that Flask gives, however often they are asked for."""

from enum import StrEnum
from typing import Any

import flask
import pytest
from werkzeug.routing import BuildError

from registry.core.web.addresses import LONGEST, url_for
from tests.guards.sources import unconnected_app

RECORD = "01J00000000000000000000001"


class _Kind(StrEnum):
    TASK = "task"


@pytest.mark.parametrize(
    ("endpoint", "values"),
    [
        ("agreements.index", {}),
        ("agreements.index", {"status": "in_force", "page": 2, "region": None, "text": "鞍山 & +?"}),
        ("agreements.index", {"status": ["draft", "signed"]}),
        ("agreements.index", {"text": "a" * (LONGEST + 1)}),
        ("agreements.index", {"_external": True}),
        ("agreements.index", {"_anchor": "log"}),
        ("agreements.show", {"public_id": RECORD}),
        ("agreements.show", {"public_id": "a/b?c"}),
        ("agreements.show", {"public_id": "鞍山"}),
        ("agreements.show", {"public_id": RECORD, "tab": "x"}),
        ("tasks.instruct", {"kind": _Kind.TASK, "public_id": RECORD}),
        ("static", {"filename": "search.css"}),
        (".index", {}),
    ],
)
def test_they_are_the_same(endpoint: str, values: dict[str, Any]) -> None:
    app = unconnected_app()
    for root in ("", "/under", ""):
        with app.test_request_context("/agreements", environ_overrides={"SCRIPT_NAME": root}):
            expected = flask.url_for(endpoint, **values)
            assert [url_for(endpoint, **values) for _again in range(2)] == [expected] * 2
            assert expected.startswith(root or "/") or values.get("_external")


def test_two_records_have_two_addresses() -> None:
    with unconnected_app().test_request_context():
        pages = {url_for("agreements.show", public_id=f"{RECORD[:-1]}{last}") for last in range(3)}
    assert len(pages) == 3


def test_what_nobody_serves_has_none() -> None:
    with unconnected_app().test_request_context(), pytest.raises(BuildError):
        url_for("nobody.index")


def test_outside_a_request_flask_is_asked() -> None:
    with unconnected_app().app_context(), pytest.raises(RuntimeError):
        url_for("agreements.index")
