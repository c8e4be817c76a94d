"""Pages of agreements."""

from flask import Blueprint, Flask

blueprint = Blueprint("agreements", __name__)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
