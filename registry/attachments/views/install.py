"""Gives the pages to the application, and to templates what the macro of attachments asks."""

from flask import Flask

from . import acts, files, words
from .blueprint import blueprint

VIEW_MODULES = (acts, files)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= words.GLOBALS
