"""Gives the pages to the application."""

from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import Row

from ...accounts import event_labels
from ...agreements.models import SigningEvent
from ...attachments import subjects
from ...core.i18n import msg
from ...core.web.guard import actor
from ...records import kinds
from ...records.kinds import Kind
from .. import policy
from ..enums import ActivityKind, ActivityState, Link
from ..figure_codes import FigureCode
from ..models import KIND
from ..queries.beside import at_event, linked_to
from ..queries.listing import LISTING
from . import browse, entry, figures, links
from .blueprint import blueprint
from .ledger import day_of

MODULES = (browse, entry, figures, links)  # imported so that their views are registered
FIELDS = {
    "kind": msg("Kind"),
    "state": msg("State"),
    "title": msg("Title"),
    "title_zh": msg("Name"),
    "title_en": msg("English name"),
    "held_on": msg("Held on"),
    "held_until": msg("Held until"),
    "held_precision": msg("Precision"),
    "place": msg("Place"),
    "region_code": msg("Region"),
    "programme": msg("Name of the programme"),
    "counting_note": msg("How it was counted"),
    "notes": msg("Remarks"),
    "parties": msg("Organisations taking part"),
    "parent": msg("Part of"),
    "signing_event": msg("Signing event"),
    "outcome": msg("Linked record"),
    "checked": msg("Checked figures"),
    "checked_by": msg("Checked by"),
    "source": msg("Source"),
    "source_url": msg("Address of the source"),
    **{f"figure_{code}": code.label for code in FigureCode},
}
VALUES = {
    "kind": {str(one): one.label for one in ActivityKind},
    "state": {str(one): one.label for one in ActivityState},
}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    kinds.register(Kind(KIND, msg("Activity"), "activities.show", LISTING.get, LISTING.titles, LISTING.between))
    subjects.attachable(KIND, find=LISTING.get, may_attach=policy.may_attach, address="activities.show")
    event_labels.learn(
        types={"activity": msg("Activity")},
        fields=FIELDS,
        values=VALUES,
        actions={browse.EXPORTED: msg("Export activities")},
    )
    app.jinja_env.globals |= {
        "activities_of": activities_of,
        "activities_at": activities_at,
        "days_of_activity": day_of,
        "all_links": tuple(Link),
    }


def activities_of(kind: str, public_id: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """For the page of a record: the activities that it came out of or that belong to it, as far as the reader sees."""
    return linked_to(kind, public_id, actor())


def activities_at(event: SigningEvent) -> Sequence[Row[*tuple[Any, ...]]]:
    """For the page of a signing event: the ceremony as an activity, as far as the reader sees it."""
    return at_event(event, actor())
