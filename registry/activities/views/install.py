"""Gives the pages to the application."""

from flask import Flask

from ...core.i18n import msg
from ...records import kinds
from ...records.kinds import Kind
from ..models import KIND
from ..queries.listing import LISTING
from .blueprint import blueprint


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    kinds.register(Kind(KIND, msg("Activity"), "activities.show", LISTING.get))
