"""Addresses within the site, each worked out once: a page asks for hundreds, mostly the same. 站内地址."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import flask
from flask import Flask, current_app, has_request_context, request

KEPT = 4_096  # addresses: of pages, files, and lists with their filters
LONGEST = 40  # characters of a value: what people typed and what is secret is not kept
EXTENSION = "addresses"
RECORD = "public_id"
PLACE = "0" * 26  # where a record's public id goes
OF_A_RECORD = ((RECORD, PLACE),)

Values = tuple[tuple[str, Any], ...]
Addresses = Callable[[str, str, Values], str]


def install(app: Flask) -> None:
    """Templates ask here too."""
    app.extensions[EXTENSION] = lru_cache(KEPT)(_worked_out)
    app.jinja_env.globals["url_for"] = url_for


def url_for(endpoint: str, **values: Any) -> str:
    """What `flask.url_for` gives. Raises werkzeug's BuildError for an address that nobody serves."""
    if endpoint[0] == "." or not has_request_context():
        return flask.url_for(endpoint, **values)
    found: Addresses = current_app.extensions[EXTENSION]
    record = values.get(RECORD, "") if len(values) == 1 else ""
    if isinstance(record, str) and record.isalnum() and record.isascii():
        return found(request.script_root, endpoint, OF_A_RECORD).replace(PLACE, record)
    if not all(map(_is_plain, values, values.values())):
        return flask.url_for(endpoint, **values)
    return found(request.script_root, endpoint, tuple(values.items()))


def _is_plain(name: str, value: object) -> bool:
    """Whether it says all there is to say: nothing of hosts, no list."""
    kind = type(value)
    return name[0] != "_" and (value is None or kind is int or (kind is str and len(str(value)) <= LONGEST))


def _worked_out(_root: str, endpoint: str, values: Values) -> str:
    return flask.url_for(endpoint, **dict(values))
