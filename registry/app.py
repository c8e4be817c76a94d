"""Puts the application together. Only wsgi.py and the tests import it."""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import models  # noqa: F401 - mappers need every table
from .accounts.views import install as accounts
from .activities.views import install as activities
from .agreements.views import install as agreements
from .attachments.views import install as attachments
from .audit import hooks as audit
from .bases.views import install as bases
from .cli import install as cli
from .commitments.views import install as commitments
from .core import config, crypto, instance, logs
from .core.config import ROOT, Settings
from .core.db import POSTGRESQL_OPTIONS, db
from .core.extensions import bootstrap, csrf, login_manager
from .core.web import assets, guard, headers, language, problems, shell
from .dashboards import views as dashboards
from .docking.views import install as docking
from .documents.views import install as documents
from .jobs import views as jobs
from .ledgers.views import install as ledgers
from .mechanisms.views import install as mechanisms
from .messages.views import install as messages
from .organisations.views import install as organisations
from .records.views import install as records
from .relationships.views import install as relationships
from .reminders.views import install as reminders
from .search.views import install as search
from .tasks.views import install as tasks
from .visits.views import install as visits
from .workstations.views import install as workstations

STATIC = ROOT / "registry" / "static"
LARGEST_UPLOAD = 22 * 1024 * 1024
LARGEST_FORM = 2 * 1024 * 1024
LONGEST_SIGN_IN = timedelta(hours=12)
PACKAGES = (
    shell,
    audit,
    accounts,
    organisations,
    documents,
    attachments,
    records,
    messages,
    agreements,
    tasks,
    mechanisms,
    workstations,
    activities,
    docking,
    visits,
    commitments,
    relationships,
    bases,
    ledgers,
    search,
    reminders,
    dashboards,
    jobs,
    cli,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The application from given settings, else from the environment's.

    Raises BadSetting for settings that are unsafe.
    """
    settings = settings or config.from_environment(os.environ)
    settings.check()
    crypto.configure(settings)
    app = Flask(
        "registry",
        template_folder=str(ROOT / "templates"),
        static_folder=str(STATIC),
        static_url_path=assets.static_path(STATIC),
        instance_path=str(settings.instance),
    )
    app.config.from_mapping(flask_config(settings))
    app.extensions["settings"] = settings
    _extend(app)
    with app.app_context():
        instance.configure(settings)
    for package in PACKAGES:
        package.install(app)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app


def flask_config(settings: Settings) -> Mapping[str, Any]:
    """Flask's own settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "TRANSLATIONS": ROOT / "registry" / "translations",
        "MAX_CONTENT_LENGTH": LARGEST_UPLOAD,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "TRUSTED_HOSTS": list(settings.trusted_hosts) or None,
        # The signed cookie carries the CSRF nonce and flash messages only; sign-in has a cookie and a table of its own.
        "SESSION_COOKIE_NAME": "__Host-form",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": LONGEST_SIGN_IN,
        "WTF_CSRF_TIME_LIMIT": int(LONGEST_SIGN_IN.total_seconds()),
        "WTF_CSRF_SSL_STRICT": False,  # headers._same_origin compares Origin on every scheme
        "BOOTSTRAP_SERVE_LOCAL": True,
    }


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.is_sqlite:
        return {}
    return {"connect_args": {"options": POSTGRESQL_OPTIONS}}


def _extend(app: Flask) -> None:
    """Extensions and the hooks of every request, in the order in which they run."""
    db.init_app(app)
    bootstrap.init_app(app)
    headers.install(app)
    logs.install(app)
    language.install(app)
    login_manager.init_app(app)
    guard.install(app)
    csrf.init_app(app)
    problems.install(app)
