"""Gives commitments to the application: what agreements tell, the kind, its words, files beside it."""

from flask import Flask

from ...accounts import event_labels
from ...attachments import subjects
from ...core.i18n import msg
from ...records import kinds
from ...records.kinds import Kind
from .. import lights, policy, rates, reorganising, upkeep
from ..enums import Category, CommitmentState, Comparator, Curve, Measure, PeriodState, Recurrence, VerifyRule
from ..queries import KIND, LISTING
from ..services import acts, following
from . import acts as pages
from . import browse, confirm, marking, overview, page, rows, sayings, seen, summary
from .blueprint import blueprint

MODULES = (browse, confirm, marking, overview, page, pages, seen)  # imported so that their views are registered
LISTENERS = (following, reorganising, upkeep)  # imported so that commitments follow agreements and organisations
FIELDS = {
    "period": msg("Period"),
    "state": msg("State"),
    "target": msg("Target"),
    "reported": msg("Reported"),
    "verified": msg("Verified"),
    "disputed": msg("Figure of the other side"),
    "reopened": msg("Reopened"),
    "category": msg("Category"),
    "measure": msg("Measure"),
    "comparator": msg("Comparator"),
    "recurrence": msg("Recurrence"),
    "curve": msg("Expected curve"),
    "weights": msg("Weights of the months"),
    "evidence_kinds": msg("Records that show it"),
    "evidence_required": msg("Evidence asked for"),
    "verify_rule": msg("Who verifies"),
    "title_zh": msg("Promise"),
    "title_en": msg("English title"),
    "rule": msg("Counting rule"),
    "rule_en": msg("Counting rule (English)"),
    "period_words": msg("Period as agreed"),
    "article": msg("Article"),
    "due_on": msg("Due on"),
    "accepted": msg("Accepted"),
}
VALUES = {
    "state": {str(one): one.label for kind in (PeriodState, CommitmentState) for one in kind},
    "category": {str(one): one.label for one in Category},
    "measure": {str(one): one.label for one in Measure},
    "comparator": {str(one): one.label for one in Comparator},
    "recurrence": {str(one): one.label for one in Recurrence},
    "curve": {str(one): one.label for one in Curve},
    "verify_rule": {str(one): one.label for one in VerifyRule},
}
ACTIONS = {
    acts.ADDED: msg("Its promises became commitments"),
    acts.ENDED: msg("The promise has ended"),
    acts.CHANGED: msg("The promise was changed"),
    browse.EXPORTED: msg("Export promises"),
}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    kinds.register(Kind(KIND, msg("Commitment"), "commitments.show", LISTING.get, LISTING.titles))
    subjects.attachable(KIND, find=LISTING.get, may_attach=policy.may_attach, address="commitments.show")
    event_labels.learn(types={"commitment": msg("Commitment")}, fields=FIELDS, values=VALUES, actions=ACTIONS)
    app.jinja_env.globals |= {
        "promise_figure": rows.shown,
        "promise_percent": rates.in_percent,
        "promise_unit": rows.unit,
        "promise_reason": sayings.reason,
        "promise_rhythm": sayings.rhythm,
        "promise_light": lights.meaning,
        "promises_of_agreement": summary.promises_of,
    }
