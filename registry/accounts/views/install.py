"""Registers the pages of accounts, and who is asking."""

from flask import Flask

from .. import loader
from . import sign_in
from .blueprint import blueprint

PAGES = (sign_in,)


def install(app: Flask) -> None:
    """Register the pages and the user loader."""
    app.register_blueprint(blueprint)
    loader.install(app)
