"""Registers the pages, and the numbers beside 待办 and the bell on every page."""

from flask import Flask

from ..services import checking, following
from . import home
from .blueprint import blueprint

MODULES = (home,)  # imported so that their views are registered
KEEPING = (checking, following)  # imported so that the sums follow the records


def install(app: Flask) -> None:
    """Called once by the application factory."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= {"todo_count": home.todo_count, "unread_count": home.unread_count}
