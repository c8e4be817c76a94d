"""Gives the pages to the application. Each module registers its views when it is imported."""

from flask import Flask

from .. import archive_jobs, jobs
from ..badges import tone
from ..labels import FILTERS, event_label
from . import archive, browse, entry, files, historic, package, preview, remake, sign, steps, verification
from .blueprint import blueprint
from .words import GLOBALS

HANDLERS = (archive_jobs, jobs)  # imported so that the worker knows them
VIEW_MODULES = (archive, browse, entry, files, historic, package, preview, remake, sign, steps)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters |= {**FILTERS, "event_label": event_label, "tone": tone}
    app.jinja_env.globals |= GLOBALS
    verification.install(app)
