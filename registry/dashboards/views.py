"""The first screen."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from ..core.access.actions import Action
from ..core.web.guard import needs

blueprint = Blueprint("dashboards", __name__)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)


@blueprint.get("/")
@needs(Action.HOME_VIEW)
def index() -> ResponseReturnValue:
    """What waits for the reader."""
    return render_template("dashboards/index.html")
