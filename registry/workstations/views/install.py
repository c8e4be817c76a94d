"""Gives the pages to the application."""

from collections.abc import Sequence
from typing import Any

from flask import Flask
from sqlalchemy import Row

from ...accounts import event_labels
from ...agreements.models import Agreement
from ...attachments import subjects
from ...core.access.actions import Action
from ...core.access.decision import decide
from ...core.dates import today
from ...core.i18n import msg
from ...core.web.guard import actor
from ...jobs.reasons import read
from ...organisations.models import Contact
from ...records import kinds
from ...records.kinds import Kind
from .. import marks, policy
from ..enums import ActivityKind, ActivityState, Grade, WorkstationKind, WorkstationState
from ..queries import LISTING, stations_of
from ..services import KIND, activities, reminders
from . import browse, ledger, moves, page, yearly
from .blueprint import blueprint

MODULES = (browse, ledger, moves, page, yearly)  # imported so that their views are registered
FIELDS = {
    "founders": msg("Founders"),
    "host": msg("Host university"),
    "host_department": msg("Host department"),
    "kind": msg("Type"),
    "number": msg("Number"),
    "place": msg("Location"),
    "opening_hours": msg("Opening hours"),
    "unveiled_on": msg("Unveiled on"),
    "unveiled_precision": msg("Precision"),
    "term_from": msg("Term from"),
    "term_until": msg("Valid until"),
    "fund_wan": msg("Funding (10,000 yuan)"),
    "remark": msg("Remarks"),
    "head": msg("Station head"),
    "liaison": msg("Station liaison"),
    "day": msg("Date of the activity"),
    "note": msg("Note"),
    "year": msg("Year of assessment"),
    "grade": msg("Yearly grade"),
    "master_plus": msg("Of which master or above"),
    "last_active_on": msg("Last sign of life"),
    "proposed_after": msg("Withdrawal proposed after"),
    **{f"target_{kind}": msg("Target: %(kind)s", kind=kind.label) for kind in ActivityKind},
}
VALUES = {
    "state": {str(one): one.label for kind in (WorkstationState, ActivityState) for one in kind},
    "kind": {str(one): one.label for kind in (WorkstationKind, ActivityKind) for one in kind},
    "grade": {str(one): one.label for one in Grade},
}
ACTIONS = {
    activities.HEARD: msg("A visit or activity showed signs of life"),
    reminders.REMINDED: msg("Both sides were reminded of the silence"),
    reminders.PROPOSED: msg("Withdrawal proposed"),
    reminders.LIFTED: msg("Withdrawal no longer proposed"),
    ledger.EXPORTED: msg("Export workstations"),
}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    kinds.register(
        Kind(KIND, msg("Talent workstation"), "workstations.show", LISTING.get, LISTING.titles, LISTING.between)
    )
    subjects.attachable(KIND, find=LISTING.get, may_attach=policy.may_attach, address="workstations.show")
    event_labels.learn(types={"workstation": msg("Talent workstation")}, fields=FIELDS, values=VALUES, actions=ACTIONS)
    app.jinja_env.globals |= {
        "workstations_of": workstations_of,
        "liaison_words": liaison_words,
        "station_is_silent": lambda row: marks.is_silent(row.quiet_since, today()),
        "station_is_expiring": lambda row: marks.is_expiring(row.state, row.term_until, today()),
    }
    app.jinja_env.filters |= {"kept_reason": read, "station_state": WorkstationState}


def workstations_of(agreement: Agreement) -> Sequence[Row[*tuple[Any, ...]]]:
    """For the page of what came of an agreement: the stations that name it, as far as the reader sees them."""
    return stations_of(agreement.id, actor()) if decide(actor(), Action.WORKSTATION_VIEW) else []


def liaison_words(contact: Contact | None) -> str:
    """A side's liaison with the masked phone; nothing for nobody, or for one that the reader does not see."""
    if contact is None or contact.erased:
        return ""
    return " · " + str(msg("Liaison: %(name)s", name=f"{contact.name} {contact.phone_hint}".strip()))
