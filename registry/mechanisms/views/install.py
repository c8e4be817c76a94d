"""Gives the pages to the application."""

from flask import Flask, url_for
from markupsafe import Markup

from ...accounts import event_labels
from ...agreements.models import Agreement
from ...attachments import subjects
from ...core.i18n import msg
from ...core.web.words import in_words
from ...records import kinds
from ...records.kinds import Kind
from .. import policy, services
from ..enums import Rhythm, Stage, WrittenForm
from ..queries import LISTING, origin_of
from . import browse, page
from .blueprint import blueprint

MODULES = (browse, page)  # imported so that their views are registered
FIELDS = {
    "sides": msg("Sides"),
    "state": msg("State"),
    "held_on": msg("Held on"),
    "last_met_on": msg("Last meeting"),
    "next_meeting_on": msg("Next meeting"),
    "established_on": msg("Established on"),
    "established_precision": msg("Precision"),
    "written_form": msg("Written form"),
    "rhythm": msg("Rhythm of meetings"),
    "plan": msg("What is planned"),
    "agreement": msg("Agreement"),
    "title_zh": msg("Name"),
    "title_en": msg("English title"),
    "title": msg("Title"),
    "source": msg("Source"),
    "source_url": msg("Address of the source"),
}
VALUES = {
    "state": {str(one): one.label for one in Stage},
    "rhythm": {str(one): one.label for one in Rhythm},
    "written_form": {str(one): one.label for one in WrittenForm},
}
ACTIONS = {
    services.CONCLUDED: msg("Its agreement was signed"),
    services.SET_FREE: msg("Its draft was voided"),
    browse.EXPORTED: msg("Export mechanisms"),
}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    kinds.register(
        Kind(services.KIND, msg("Docking mechanism"), "mechanisms.show", LISTING.get, LISTING.titles, LISTING.between)
    )
    subjects.attachable(services.KIND, find=LISTING.get, may_attach=policy.may_meet, address="mechanisms.show")
    event_labels.learn(
        types={"dockingmechanism": msg("Docking mechanism")}, fields=FIELDS, values=VALUES, actions=ACTIONS
    )
    app.jinja_env.globals["origin_link"] = origin_link


def origin_link(agreement: Agreement) -> Markup | None:
    """For the page of an agreement: the mechanism that it grew out of, if the reader sees it."""
    mechanism = origin_of(agreement.id)
    if mechanism is None:
        return None
    address = url_for("mechanisms.show", public_id=mechanism.public_id)
    return Markup('<a href="{}">{}</a>').format(address, in_words(mechanism.title_zh, mechanism.title_en))
