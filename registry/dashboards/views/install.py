"""Registers the pages, and the numbers beside 待办 and the bell on every page."""

from flask import Flask

from ...accounts import event_labels
from ...core.i18n import msg
from ..queries import asked
from ..services import checking, following, readers
from . import home, metrics, overview, samples, taking, wall
from .blueprint import blueprint
from .briefings import install as briefings

MODULES = (metrics, overview, wall, taking)  # imported so that their views are registered
KEEPING = (checking, following, readers, asked)  # imported so that the sums follow the records, and answer


def install(app: Flask) -> None:
    """Called once by the application factory."""
    app.register_blueprint(blueprint)
    samples.install(app)
    briefings.install(app)
    event_labels.learn(actions={taking.EXPORTED: msg("Export the overview")})
    app.jinja_env.globals |= {"todo_count": home.todo_count, "unread_count": home.unread_count}
