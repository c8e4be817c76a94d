"""Gives the pages to the application."""

from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import Row

from ...accounts import event_labels
from ...agreements.queries import further
from ...attachments import subjects
from ...core.i18n import msg
from ...core.web.guard import actor
from ...records import kinds
from ...records.kinds import Kind
from .. import policy, reorganising
from ..enums import Aftermath, Direction, EmployerNature, FigureCode, LeadLevel, Rating, VisitKind, VisitState
from ..queries.due import visited_lately
from ..queries.listing import LISTING, latest_of
from ..services import reminders
from . import board, browse, form, page, plan
from .blueprint import blueprint

MODULES = (board, browse, form, page, plan)  # imported so that their views are registered
MERGES = (reorganising,)  # imported so that employers are counted once after a merge
FIELDS = {
    "kind": msg("Kind of visit"),
    "direction": msg("Form of visit"),
    "day": msg("Day of the visit"),
    "held_on": msg("Took place on"),
    "visited": msg("Visited organisation"),
    "visited_uscc": msg("Unified social credit code"),
    "subject": msg("What it is about"),
    "leader_name": msg("Led by"),
    "leader_office": msg("Office of the leader"),
    "lead_level": msg("Level of the leader"),
    "participants": msg("Participants' offices"),
    "college": msg("College"),
    "receiver": msg("Received by"),
    "receiver_title": msg("Title of the receiver"),
    "is_first": msg("First contact"),
    "region_code": msg("Place of the employer"),
    "nature": msg("Nature of the employer"),
    "industry_code": msg("Industry"),
    "majors": msg("Majors wanted"),
    "intentions": msg("Intentions"),
    "base_built": msg("Internship base set up"),
    "tracked": msg("Graduates followed up"),
    "rating": msg("Performance of the agreement"),
    "findings": msg("What was found"),
    "problems": msg("Findings to deal with"),
    "feedback": msg("What the employer says"),
    "follow_up": msg("What follows, and who does it"),
    "next_on": msg("Next visit"),
    "task": msg("Task"),
    **{str(code): code.label for code in FigureCode},
}
ENUMS: dict[str, Any] = {
    "state": VisitState, "kind": VisitKind, "direction": Direction, "lead_level": LeadLevel, "nature": EmployerNature,
    "rating": Rating,
}  # fmt: skip
ACTIONS = {browse.EXPORTED: msg("Export visits"), reminders.RECOUNTED: msg("Day of the next visit counted again")}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    kinds.register(Kind(reminders.KIND, msg("Visit"), "visits.show", LISTING.get, LISTING.titles, LISTING.between))
    subjects.attachable(reminders.KIND, find=LISTING.get, may_attach=policy.may_attach, address="visits.show")
    event_labels.learn(
        types={"visit": msg("Visit")},
        fields=FIELDS,
        values={field: {str(one): one.label for one in codes} for field, codes in ENUMS.items()},
        actions=ACTIONS,
    )
    further.learn("visited", further.Mark(msg("Visited within 12 months"), visited_lately))
    app.jinja_env.globals |= {"visits_of": visits_of, "Aftermath": Aftermath}


def visits_of(kind: str, public_id: str) -> Sequence[Row[Any]]:
    """For the page of a record: its latest visits, as far as the reader sees them."""
    return latest_of(kind, public_id, actor())
