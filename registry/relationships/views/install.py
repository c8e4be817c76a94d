"""Gives the pages to the application."""

from collections.abc import Sequence

from flask import Flask

from ...accounts import event_labels
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.i18n import msg
from ...core.web.guard import actor
from ...organisations.models import Organisation
from ...records import kinds
from ...records.kinds import Kind
from .. import queries, reorganising, services, upkeep
from ..enums import Level
from ..models import Relationship
from . import follow_up, pages
from .blueprint import blueprint

MODULES = (follow_up, pages)  # imported so that their views are registered
MERGES = (reorganising,)  # imported so that relationships follow their universities
DAILY = (upkeep,)  # imported so that it runs every day


def install(app: Flask) -> None:
    """Register the pages and the words of the audit."""
    app.register_blueprint(blueprint)
    listing = queries.LISTING
    kinds.register(Kind(Relationship.kind_code, msg("Relationship"), "relationships.show", listing.get, listing.titles))
    event_labels.learn(
        types={"relationship": msg("Relationship")},
        fields={"level": msg("Level")},
        values={"level": {str(one): one.label for one in Level}},
        actions={services.REFRESHED: msg("The relationship changed"), pages.EXPORTED: msg("Export relationships")},
    )
    app.jinja_env.globals["relationships_of"] = relationships_of


def relationships_of(organisation: Organisation) -> Sequence[object]:
    """For the page of an organisation: those of its relationships that the reader sees."""
    if not decide(actor(), Action.RELATIONSHIP_VIEW):
        return ()
    return queries.relationships_of(organisation, actor())
