"""Gives the pages to the application."""

from flask import Flask

from ...accounts import event_labels
from ...attachments import subjects
from ...core.access.actions import Action
from ...core.access.decision import Actor, Decision, decide
from ...core.i18n import msg
from ...records import kinds
from ...records.kinds import Kind
from .. import services
from ..enums import BaseKind, BaseLevel, BaseState
from ..models import InternshipBase
from ..queries import LISTING
from . import browse, page
from .blueprint import blueprint

MODULES = (browse, page)  # imported so that their views are registered
FIELDS = {
    "kind": msg("Kind of base"),
    "level": msg("Level"),
    "employer": msg("Employer"),
    "employer_as_reported": msg("Or the name as reported"),
    "university": msg("University"),
    "approval_no": msg("Approval number"),
    "approved_on": msg("Approved on"),
    "approved_precision": msg("Precision"),
    "expires_on": msg("Valid until"),
    "posts": msg("Places"),
    "on_post": msg("People there now"),
    "completed": msg("People who completed"),
    "retained": msg("People who stayed"),
}
VALUES = {
    "kind": {str(one): one.label for one in BaseKind},
    "level": {str(one): one.label for one in BaseLevel},
    "state": {str(one): one.label for one in BaseState},
}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    label = msg("Traineeship or internship base")
    kinds.register(Kind(services.KIND, label, "bases.show", LISTING.get, LISTING.titles))
    subjects.attachable(services.KIND, find=LISTING.get, may_attach=_may_attach, address="bases.show")
    event_labels.learn(
        types={"internshipbase": label},
        fields=FIELDS,
        values=VALUES,
        actions={browse.EXPORTED: msg("Export bases")},
    )


def _may_attach(actor: Actor, base: InternshipBase) -> Decision:
    return decide(actor, Action.BASE_EDIT, base)
