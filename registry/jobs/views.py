"""Pages of jobs."""

from flask import Blueprint, Flask

blueprint = Blueprint("jobs", __name__)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
