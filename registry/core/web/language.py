"""The reader's language: their own choice, then the cookie, then the browser's wish, then Chinese."""

from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from flask_login import current_user

from ..i18n import BABEL_NAMES, DEFAULT_LANGUAGE, LANGUAGES, remember

COOKIE = "language"


def language() -> str:
    """`zh` or `en`, the same for the whole request."""
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def _chosen() -> str:
    if not has_request_context():
        return DEFAULT_LANGUAGE  # jobs and the command line have no reader
    own = getattr(current_user, "language", "") if current_user and current_user.is_authenticated else ""
    for wish in (own, request.cookies.get(COOKIE, "")):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT_LANGUAGE


def install(app: Flask) -> None:
    """Let Babel ask us, and templates know."""
    Babel(
        app,
        default_locale="zh_Hans_CN",
        default_timezone="Asia/Shanghai",
        default_translation_directories=str(app.config["TRANSLATIONS"]),
        locale_selector=_locale,
    )
    app.before_request(_forget)
    app.teardown_request(_forget)
    app.jinja_env.globals["language"] = language


def _locale() -> str:
    """Asked once a request."""
    if has_request_context():
        remember(language())
    return BABEL_NAMES[language()]


def _forget(_error: BaseException | None = None) -> None:
    remember("")
