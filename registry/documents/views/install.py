"""Gives the pages to the application, and the daily task to the worker."""

from flask import Flask

from .. import expiry
from . import certificates, entry
from .blueprint import blueprint

DAILY = (expiry,)  # imported so that the daily run knows it
VIEW_MODULES = (certificates, entry)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
