"""Gives the pages to the application."""

from flask import Flask

from .blueprint import blueprint


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
