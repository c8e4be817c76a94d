"""The table of endpoint × role, from the live policy; `python -m tests.guards.access` writes the committed copy."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from registry.app import create_app
from registry.core.access.actions import Action
from registry.core.access.roles import Role
from registry.core.access.table import TABLE
from registry.core.config import DEMO_SECRET, Settings
from registry.core.web.guard import OPEN_ENDPOINTS

COMMITTED = Path(__file__).with_name("access_table.csv")
NOWHERE = "01ARZ3NDEKTSV4RRFFQ69G5FAV"  # a public id that nothing has
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def action_of(app: Flask, endpoint: str) -> Action | None:
    """What the view says that it does."""
    action: Action | None = getattr(app.view_functions[endpoint], "action", None)
    return action


def table(app: Flask) -> str:
    """CSV: endpoint, methods, action, then a column for each role with yes or nothing."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(["endpoint", "methods", "action", *Role])
    for endpoint in sorted(filter(lambda name: is_ours(app, name), app.view_functions)):
        action = action_of(app, endpoint)
        roles = TABLE[action].roles if action else frozenset()
        methods = {method for rule in rules(app) if rule.endpoint == endpoint for method in rule.methods or ()}
        row = [endpoint, " ".join(sorted(methods - {"HEAD", "OPTIONS"})), str(action) if action else "open"]
        sheet.writerow(row + ["yes" if role in roles or not action else "" for role in Role])
    return text.getvalue()


def rules(app: Flask) -> Iterator[Rule]:
    """Every address pattern of the product."""
    return (rule for rule in app.url_map.iter_rules() if is_ours(app, rule.endpoint))


def is_ours(app: Flask, endpoint: str) -> bool:
    """Whether a view is the product's: other tests hang views of their own on the shared application."""
    return not app.view_functions[endpoint].__module__.startswith("tests.")


def requests(app: Flask, method: str, *, is_open: bool) -> list[tuple[str, str]]:
    """Endpoint and an address of every route with this method; ids lead nowhere."""
    found = []
    with app.test_request_context():
        for rule in rules(app):
            if method in (rule.methods or ()) and (rule.endpoint in OPEN_ENDPOINTS) is is_open:
                values: dict[str, Any] = {name: 404 if _is_number(rule, name) else NOWHERE for name in rule.arguments}
                found.append((rule.endpoint, app.url_for(rule.endpoint, **values)))
    return sorted(found)


def told(may: bool) -> dict[str, str]:
    """What a request says of the answer that it wants: a refusal is told in a line, since to draw its page takes longer
    than to refuse. What a refusal's page says is tested in tests/core.
    """
    return {} if may else {"Accept": "application/json"}


def _is_number(rule: Rule, name: str) -> bool:
    return f"<int:{name}>" in rule.rule


def main() -> None:
    """Write the committed copy."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(DEMO_SECRET, "sqlite://", Path(folder), demo=True, testing=True))
        COMMITTED.write_text(table(app), encoding="utf-8")


if __name__ == "__main__":
    main()
