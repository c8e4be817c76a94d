"""Pages of organisations."""

from flask import Blueprint, Flask

blueprint = Blueprint("organisations", __name__)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
