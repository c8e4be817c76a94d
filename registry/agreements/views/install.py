"""Gives the pages to the application. Each module registers its views when it is imported."""

from flask import Flask

from . import browse
from .blueprint import blueprint

VIEW_MODULES = (browse,)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
