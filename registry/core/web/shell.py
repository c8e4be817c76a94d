"""The frame around every page: language switch, what templates may call. 页面外壳."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from ..access.actions import Action
from ..access.decision import Decision, Subject, decide
from ..dates import SHANGHAI, prose_date
from ..db import transaction
from ..figures.showing import figure
from ..i18n import LANGUAGES
from . import addresses, forms, icons, indents, navigation, once, parked, sentences, styleguide, words
from .addresses import url_for
from .language import COOKIE
from .language import language as present_language
from .paging import page_window
from .texts import script_texts

blueprint = Blueprint("shell", __name__)
ONE_YEAR = 365 * 24 * 3600
SAFE = "!$'()*,/:;?@"  # as url_for leaves them in a query
SIZES = ("B", "KB", "MB", "GB")


def install(app: Flask) -> None:
    """Register the language switch and the helpers of templates."""
    app.register_blueprint(blueprint)
    for part in (addresses, sentences, indents, icons, navigation, forms, once, parked, styleguide, words):
        part.install(app)
    app.after_request(_mark_part)
    app.jinja_env.globals |= {
        "may": may,
        "Action": Action,
        "prose_date": prose_date,
        "LANGUAGES": LANGUAGES,
        "here": here,
        "there": there,
        "named": named,
        "page_window": page_window,
        "script_texts": script_texts,
    }
    app.jinja_env.filters |= {
        "moment": moment,
        "or_dash": or_dash,
        "figure": figure,
        "filesize": filesize,
        "merged": merged,
    }
    app.jinja_env.add_extension("jinja2.ext.do")
    app.context_processor(
        lambda: {"request_id": g.get("request_id", ""), "settings": current_app.extensions["settings"]}
    )


def may(action: Action, subject: Subject | None = None) -> Decision:
    """The policy's answer for the signed-in user: templates show what is allowed, and say why not."""
    return decide(current_user, action, subject)


def moment(value: object) -> str:
    """A UTC moment as Shanghai sees it: 2026-11-22 17:05."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if hasattr(value, "astimezone") else "—"


def or_dash(value: object) -> object:
    """Missing data is a dash, never a zero."""
    return "—" if value in (None, "") else value


def filesize(count: float) -> str:
    """Bytes as people read them: 1.2 MB."""
    for unit in SIZES:
        if count < 1024 or unit == SIZES[-1]:
            break
        count /= 1024
    return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"


def named(thing: Any) -> Markup | str:
    """The name of a region or an organisation in the reader's language; a Chinese name on an English page says so."""
    if thing is None:
        return "—"
    english = str(getattr(thing, "name_en", "") or "")
    if present_language() == "zh":
        return str(thing.name_zh)
    return english or Markup('<span lang="zh-CN">{}</span>').format(thing.name_zh)


def merged(defaults: dict[str, object], given: dict[str, object]) -> dict[str, object]:
    """Attributes of a tag: defaults, unless they are given."""
    return defaults | given


def here(**changes: object) -> str:
    """The present address with other query parameters; None and "" remove one, and `page` starts anew."""
    kept: dict[str, Any] = request.args.to_dict(flat=False)
    kept.pop("page", None)
    kept |= changes
    wanted = {name: value for name, value in kept.items() if value not in (None, "")}
    return _with_query(url_for(request.endpoint or "static", **(request.view_args or {})), wanted)


def there(endpoint: str, path: Mapping[str, Any] | None = None, **changes: object) -> str:
    """Another address with the present query parameters, and with others; `path` fills the pattern of the address."""
    return _with_query(url_for(endpoint, **(path or {})), request.args.to_dict(flat=False) | changes)


def _with_query(address: str, parameters: dict[str, Any]) -> str:
    """Never as arguments of `url_for`: anybody may write `?endpoint=` or `?_scheme=` into an address."""
    return f"{address}?{urlencode(parameters, doseq=True, safe=SAFE)}" if parameters else address


def wants_part() -> bool:
    """Whether a script asked for a region of the page only (see static/part.js)."""
    return "X-Partial" in request.headers


def _mark_part(response: Response) -> Response:
    """Whole pages and their parts share an address: caches must not mix them up, nor readers."""
    if response.mimetype == "text/html":
        response.vary.update(("X-Partial", "Cookie"))
        if wants_part():
            response.headers["Cache-Control"] = "no-store"
    return response


def local_target(given: str | None, fallback: str) -> str:
    """An address on this site to go back to; anything else is the fallback."""
    parts = urlsplit(given or "")
    safe = given and not parts.scheme and not parts.netloc and given.startswith("/") and "\\" not in given
    return str(given) if safe and not str(given).startswith("//") else fallback


@blueprint.post("/language")
def language() -> ResponseReturnValue:
    """Remember the reader's language in a cookie, and in the account of who is signed in."""
    response = redirect(local_target(request.form.get("next"), "/"))
    wish = request.form.get("language", "")
    if wish not in LANGUAGES:
        return response
    if current_user.is_authenticated and current_user.language != wish:
        with transaction():
            current_user.language = wish
    response.set_cookie(COOKIE, wish, max_age=ONE_YEAR, secure=True, httponly=True, samesite="Lax")
    return response
