"""Icons: the ones that pages use, cut once out of Bootstrap's sprite (1.1 MB → a few kB), as one cached file. 图标."""

import re
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Flask, Response
from markupsafe import Markup

from .addresses import url_for

blueprint = Blueprint("icons", __name__)
SPRITE = Path(flask_bootstrap.__file__).parent / "static/bootstrap5/icons/bootstrap-icons.svg"
SYMBOL = re.compile(r'<symbol [^>]*viewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', re.DOTALL)
LISTED = """
    archive arrow-clockwise arrow-counterclockwise arrow-down arrow-down-right arrow-down-up arrow-left arrow-repeat
    arrow-return-left arrow-right arrow-up arrow-up-right bank bell box-arrow-right briefcase building buildings
    calendar-check calendar3 card-checklist card-text chat-left-text check check-all check-circle check-lg
    check2-square chevron-down chevron-left chevron-right chevron-up clipboard-check clock-history copy dash-circle
    display download envelope-exclamation envelope-paper exclamation-circle exclamation-triangle eye eye-slash
    file-earmark file-earmark-check file-earmark-image file-earmark-lock file-earmark-pdf file-earmark-plus
    file-earmark-spreadsheet file-earmark-text file-earmark-zip filetype-csv filter funnel gear geo-alt globe grid
    hourglass-split house inbox info-circle intersect journal-plus journal-text key laptop link-45deg list
    list-check lock mortarboard paperclip patch-check pause-circle pen pencil pencil-square people person
    person-badge person-check person-circle person-plus phone plus plus-lg printer qr-code question-circle save
    search send shield-check shield-lock signpost-split slash-circle speedometer2 stop-circle table three-dots
    translate trash unlock upload vector-pen x x-circle x-lg x-octagon
"""
NAMES = frozenset(LISTED.split())
DRAWN = Markup('<svg class="icon" {}><use href="{}#{}"/></svg>')


def install(app: Flask) -> None:
    """Serve the sprite and give templates `icon`."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["icon"] = icon
    app.jinja_env.globals["icon_sheet"] = icon_sheet


@cache
def sprite() -> str:
    """The symbols of NAMES. Raises KeyError for a name that Bootstrap does not have."""
    found = {name: f'<symbol id="{name}" viewBox="{box}">{body}</symbol>' for box, name, body in _symbols()}
    body = "".join(found[name] for name in sorted(NAMES))
    return f'<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>'


def _symbols() -> list[tuple[str, str, str]]:
    return SYMBOL.findall(SPRITE.read_text(encoding="utf-8"))


@cache
def version() -> str:
    """Changes with the sprite, so that browsers may keep it for a year."""
    return sha256(sprite().encode()).hexdigest()[:12]


def icon_sheet() -> str:
    """Address of the sprite."""
    return url_for("icons.sheet", version=version())


def icon(name: str, label: object = "") -> Markup:
    """An icon: decoration beside a word, or with `label` an image of its own.

    Raises KeyError for an icon that NAMES does not list.
    """
    if name not in NAMES:
        raise KeyError(f"registry.core.web.icons.NAMES does not list {name!r}")
    return _named(name, label) if label else _beside_a_word(name, icon_sheet())


@lru_cache(len(NAMES))
def _beside_a_word(name: str, sheet: str) -> Markup:
    return DRAWN.format(Markup('aria-hidden="true"'), sheet, name)


def _named(name: str, label: object) -> Markup:
    return DRAWN.format(Markup('role="img" aria-label="{}"').format(label), icon_sheet(), name)


@blueprint.get("/icons/<version>.svg")
def sheet(version: str) -> Response:
    """The sprite; core.web.headers lets browsers keep it."""
    return Response(sprite(), mimetype="image/svg+xml")
