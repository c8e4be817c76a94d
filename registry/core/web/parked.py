"""A form sent after its session had ended: kept, and filled in again once the same person has signed in. 会话过期保稿.

The loader says whose ended session the browser still names (`g.expired_user_id`). What was typed waits encrypted; its
token travels in the address through the sign-in, and opens it for that person alone.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from .. import crypto
from ..dates import now
from ..db import db, transaction
from ..extensions import login_manager
from ..housekeeping import PARKED_FOR
from ..models import ParkedForm

READING = ("GET", "HEAD")
PARAMETER = "parked"
LARGEST = 200 * 1024
UNSHOWN = frozenset({"row_version", "next"})
PURPOSE = "parked form"
# A password, token or one-time code (`otp_code`) never waits anywhere; the form's own hidden fields are made anew.
SECRET_WORDS = frozenset({"password", "passphrase", "secret", "token", "nonce", "otp"})
WORD_ENDS = re.compile(r"[^a-z]+")

Fields = Mapping[str, list[str]]


@dataclass(frozen=True)
class Typed:
    """What somebody had typed before their session ended, and the address that they had sent it to."""

    path: str
    fields: Fields
    is_filled_in: bool

    @property
    def readable(self) -> Iterator[tuple[str, str]]:
        """Names and values that are not empty, for reading and copying by hand."""
        return (
            (name, "\n".join(values)) for name, values in self.fields.items() if any(values) and name != "row_version"
        )


def install(app: Flask) -> None:
    """Ask people to sign in without losing what they typed; templates ask `typed_before` and `page_address`."""
    login_manager.unauthorized_handler(ask_to_sign_in)
    app.jinja_env.globals |= {"typed_before": typed_before, "page_address": page_address}


def park(user_id: int, path: str, fields: Fields) -> str | None:
    """Keep a form's fields for this user; the token that finds them again, or None when they are too large."""
    kept = {name: values for name, values in fields.items() if not _is_secret(name)}
    data = json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")
    if len(data) > LARGEST or len(path) > 500:
        return None
    token = token_urlsafe(24)
    sealed = crypto.encrypt(data, PURPOSE)
    with transaction():
        row = ParkedForm(token_hash=_hash(token), user_id=user_id, path=path, data_encrypted=sealed, created_at=now())
        db.session.add(row)
    return token


def find(user_id: int, token: str) -> tuple[str, Fields] | None:
    """Path and fields of a parked form of this user; None when there is none or it is older than a day."""
    row = db.session.scalar(
        select(ParkedForm).where(ParkedForm.token_hash == _hash(token), ParkedForm.user_id == user_id)
    )
    if row is None or now() - row.created_at > PARKED_FOR:
        return None
    fields: Fields = json.loads(crypto.decrypt(row.data_encrypted, PURPOSE))
    return row.path, fields


def take(path: str) -> Fields | None:
    """The fields that this reader had sent to `path` when their session was over, if the address names them."""
    found = _present()
    if found is None or found[0] != path:
        return None
    g.parked_taken = True
    return found[1]


def typed_before() -> Typed | None:
    """For the page's notice: what the address names, and whether the view has filled it in (`forms.restored`)."""
    found = _present()
    return Typed(*found, is_filled_in=bool(g.get("parked_taken"))) if found else None


def ask_to_sign_in() -> Response:
    """Lead to the sign-in page and back; a form that was sent is parked first."""
    if request.method in READING:
        return _sign_in(request.full_path.rstrip("?"))
    user_id, page = g.get("expired_user_id"), page_of_form()
    is_kept = user_id and request.form and "X-Autosave" not in request.headers  # a script keeps its own
    token = park(user_id, request.path, request.form.to_dict(flat=False)) if is_kept else None
    if token is None:
        return _sign_in(page)
    flash(_("Your session has ended. Sign in again: what you typed is kept and will be filled in."), "warn")
    separator = "&" if "?" in page else "?"
    return _sign_in(f"{page}{separator}{urlencode({PARAMETER: token})}")


def _present() -> tuple[str, Fields] | None:
    if "parked" not in g:
        token = request.args.get(PARAMETER, "") if request.method == "GET" else ""
        g.parked = find(current_user.id, token) if token and current_user.is_authenticated else None
    found: tuple[str, Fields] | None = g.parked
    return found


def _sign_in(target: str) -> Response:
    return redirect(url_for(str(login_manager.login_view), next=None if target == "/" else target), 303)


def page_address() -> str:
    """Where the reader is, for coming back to it: after a form that was refused, the page that the form is on."""
    return request.full_path.rstrip("?") if request.method in READING else page_of_form()


def page_of_form() -> str:
    """The page that held the form: where the browser came from, else the same address, else the first page."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host and came_from.path:
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    adapter = current_app.create_url_adapter(request)
    try:
        known = adapter is not None and bool(adapter.match(request.path, method="GET"))
    except HTTPException:
        known = False
    return request.path if known else "/"


def _is_secret(name: str) -> bool:
    return not SECRET_WORDS.isdisjoint(WORD_ENDS.split(name.lower()))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
