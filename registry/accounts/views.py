"""Sign-in and sign-out."""

from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue

from . import loader

blueprint = Blueprint("accounts", __name__)


def install(app: Flask) -> None:
    """Register the pages and the user loader."""
    app.register_blueprint(blueprint)
    loader.install(app)


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form."""
    return "sign in"
