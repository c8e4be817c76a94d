"""Gives the pages to the application, and the numbers beside 待办 and the bell to every page."""

from flask import Flask

from ..services import checking, following
from . import home, metrics
from .blueprint import blueprint
from .briefings import install as briefings

MODULES = (home, metrics)  # imported so that their views are registered
KEEPING = (checking, following)  # imported so that the sums follow the records


def install(app: Flask) -> None:
    """Register the pages and what the frame asks."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= {"todo_count": home.todo_count, "unread_count": home.unread_count}
    briefings.install(app)
