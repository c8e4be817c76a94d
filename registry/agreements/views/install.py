"""Gives the pages to the application. Each module registers its views when it is imported."""

from flask import Flask

from .. import jobs
from ..badges import tone
from ..labels import FILTERS, event_label
from . import (
    browse,
    entry,
    files,
    historic,
    history,
    life,
    numbering,
    package,
    preview,
    remake,
    revising,
    sign,
    steps,
    verification,
)
from .blueprint import blueprint
from .words import GLOBALS

HANDLERS = (jobs,)  # imported so that the worker knows them
VIEW_MODULES = (
    browse,
    entry,
    files,
    historic,
    history,
    life,
    numbering,
    package,
    preview,
    remake,
    revising,
    sign,
    steps,
)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters |= {**FILTERS, "event_label": event_label, "tone": tone}
    app.jinja_env.globals |= GLOBALS
    verification.install(app)
