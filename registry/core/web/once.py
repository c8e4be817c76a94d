"""A form takes effect once: its nonce is written in the same transaction, a second click gets the first answer.

Views write `with once.transaction() as done:` instead of `transaction()`, tell `done.at(address)` where the result is,
and return `done.redirect()`. A form without a nonce runs unprotected (programs have their own key). 防重复提交.
"""

import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

from flask import Flask, current_app, redirect, request
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ..dates import now
from ..db import db
from ..db import transaction as write
from ..errors import RegistryError
from ..i18n import msg
from ..models import HandledRequest

NONCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
UNCOUNTED = frozenset({"nonce", "csrf_token"})
BLOCK = 1024 * 1024


class SentBefore(RegistryError):
    """The form took effect before, with other content."""

    status = 422
    title = msg("This form was sent before with other content; open it again to enter something new")

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


class AnsweredBefore(HTTPException):
    """Not an error: leads to what the same form brought about the first time."""

    code = 303

    def __init__(self, location: str) -> None:
        super().__init__(response=redirect(location, 303))


@dataclass
class Done:
    """Where the result of the form is."""

    location: str = "/"

    def at(self, location: str) -> None:
        """Say where; the same address answers a second click."""
        self.location = location

    def redirect(self) -> Response:
        """Lead there."""
        return redirect(self.location, 303)


def install(app: Flask) -> None:
    """Answer repeated forms before their view runs; templates ask `new_nonce` for every form."""
    app.before_request(_answer_again)
    app.jinja_env.globals["new_nonce"] = new_nonce


def new_nonce() -> str:
    """For one rendered form."""
    return token_urlsafe(24)


@contextmanager
def transaction() -> Iterator[Done]:
    """The write transaction of a form, run once for its nonce.

    Raises AnsweredBefore when the same form was faster, SentBefore when its content was another.
    """
    nonce, done = _nonce(), Done()
    digest = _digest() if nonce else ""
    try:
        with write():
            row = _claim(nonce, digest) if nonce else None
            yield done
            if row is not None:
                row.location = done.location
    except _Taken:
        _answer_again()
        raise


class _Taken(Exception):
    """Somebody wrote this nonce in the meantime."""


def _nonce() -> str:
    given = request.form.get("nonce", "") if request.method == "POST" else ""
    return given if NONCE.fullmatch(given) else ""


def _user_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None


def _claim(nonce: str, digest: str) -> HandledRequest:
    """Write the nonce first: whoever comes second waits for the first one's commit, then fails here."""
    row = HandledRequest(nonce=nonce, user_id=_user_id(), digest=digest, created_at=now())
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _Taken from error
    return row


def _answer_again() -> None:
    nonce = _nonce()
    found = db.session.scalar(select(HandledRequest).where(HandledRequest.nonce == nonce)) if nonce else None
    if found is None:
        return
    if found.user_id != _user_id():
        raise SentBefore("/")
    if not hmac.compare_digest(found.digest, _digest()):
        raise SentBefore(found.location)
    raise AnsweredBefore(found.location)


def _digest() -> str:
    """What the form says, keyed: a form may hold a password, which a plain digest would give away."""
    made = hmac.new(str(current_app.secret_key).encode(), request.path.encode(), sha256)
    for name, value in sorted(request.form.items(multi=True)):
        if name not in UNCOUNTED:
            made.update(f"\0{len(name)}:{name}={len(value)}:{value}".encode("utf-8", "surrogatepass"))
    for name, upload in sorted(request.files.items(multi=True), key=lambda pair: (pair[0], pair[1].filename or "")):
        made.update(f"\0{name}:{upload.filename}:{_content(upload)}".encode("utf-8", "surrogatepass"))
    return made.hexdigest()


def _content(upload: FileStorage) -> str:
    made = sha256()
    upload.stream.seek(0)  # whoever asks may have read it
    while block := upload.stream.read(BLOCK):
        made.update(block)
    upload.stream.seek(0)
    return made.hexdigest()
