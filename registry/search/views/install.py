"""Gives the pages to the application."""

from flask import Flask

from ..services import following, jobs
from . import pages
from .blueprint import blueprint

MODULES = (pages,)  # imported so that their views are registered
KEEPING = (following, jobs)  # imported so that the index follows the records


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
