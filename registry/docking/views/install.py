"""Gives the pages, the kind and their words to the application."""

from flask import Flask

from ...accounts import event_labels
from ...attachments import subjects
from ...core.i18n import msg
from ...records import kinds
from ...records.kinds import Kind
from .. import jobs, policy, services
from ..counts import LABELS
from ..enums import LOST, DropReason, EntryStatus, Stage
from ..queries import LISTING
from ..services import reminders
from . import acts, board, browse, figures, ledger, page
from .blueprint import blueprint

MODULES = (acts, board, browse, figures, jobs, ledger, page)  # imported so that views and tasks are registered
FIELDS = {
    "title": msg("Title"),
    "state": msg("State"),
    "stage": msg("Stage"),
    "enterprise": msg("Enterprise"),
    "enterprise_as_reported": msg("Enterprise as reported"),
    "uscc": msg("Unified social credit code"),
    "university": msg("University"),
    "bureau": msg("City bureau"),
    "region": msg("City"),
    "industry": msg("Industry"),
    "contact": msg("Contact"),
    "agreement": msg("Agreement"),
    "linked": msg("Linked record"),
    "majors": msg("Majors wanted"),
    "responsible": msg("Person responsible"),
    "remark": msg("Remarks"),
    "actual_on": msg("Day"),
    "evidence": msg("Evidence"),
    "evidence_url": msg("Address of the evidence"),
    "skipped": msg("Stages left out"),
    "warning": msg("Warning"),
    "drop_reason": msg("Reason why it came to nothing"),
    "visited_on": msg("Visit held on"),
    "source": msg("Source"),
    "source_url": msg("Address of the source"),
    **LABELS,
    **{f"plan_{stage}": msg("%(stage)s, planned", stage=stage.label) for stage in Stage},
}
VALUES = {
    "state": {str(one): one.label for one in Stage} | {LOST: msg("Lost")},
    "stage": {str(one): one.label for one in Stage},
    "drop_reason": {str(one): one.label for one in DropReason},
    "entry_status": {str(one): one.label for one in EntryStatus},
}
ACTIONS = {
    ledger.EXPORTED: msg("Export docking cases"),
    reminders.VISITED: msg("A visit to the case was held"),
}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    kinds.register(
        Kind(services.KIND, msg("Docking case"), "docking.show", LISTING.get, LISTING.titles, LISTING.between)
    )
    subjects.attachable(services.KIND, find=LISTING.get, may_attach=policy.may_attach, address="docking.show")
    event_labels.learn(types={"dockingcase": msg("Docking case")}, fields=FIELDS, values=VALUES, actions=ACTIONS)
    app.jinja_env.globals["docking_outcome"] = figures.outcome_block
