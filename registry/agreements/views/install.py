"""Gives the pages to the application. Each module registers its views when it is imported."""

from flask import Flask

from ...accounts import event_labels
from ...attachments import subjects
from ...core.i18n import msg
from ...records import kinds
from ...records.kinds import Kind
from .. import archive_jobs, jobs, policy, queries
from ..badges import tone
from ..labels import FILTERS, LABELS, event_label
from ..models import AgreementKind, AgreementStatus
from ..queries import get_visible
from ..queries.single import titles_of
from ..record_words import FIELDS
from ..services import reorganising
from . import (
    archive,
    browse,
    consents,
    entry,
    files,
    historic,
    history,
    life,
    numbering,
    package,
    preview,
    remake,
    revising,
    sign,
    steps,
    supplement,
    verification,
)
from .blueprint import blueprint
from .events import batch, intake, order, pack, table
from .events import browse as event_browse
from .events.blueprint import blueprint as events
from .words import GLOBALS, event_title

HANDLERS = (
    jobs,
    archive_jobs,
)  # imported so that the worker knows them
MERGES = (reorganising,)  # imported so that agreements follow their organisations
VIEW_MODULES = (
    archive,
    browse,
    consents,
    entry,
    files,
    historic,
    history,
    life,
    numbering,
    package,
    preview,
    remake,
    revising,
    sign,
    steps,
    supplement,
)
# What the audit tells of an agreement's fields, in the words of its record.
TOLD = ("number", "kind", "title_zh", "title_en", "parties", "signing_place", "expires_on", "open_ended", "reason")
CODES = {"status": AgreementStatus, "kind": AgreementKind}
EVENT_MODULES = (batch, event_browse, intake, order, pack, table)


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.register_blueprint(events)
    app.jinja_env.filters |= {**FILTERS, "event_label": event_label, "tone": tone}
    app.jinja_env.globals |= GLOBALS
    kinds.register(Kind("agreement", msg("Agreement"), "agreements.show", get_visible, titles_of))
    subjects.attachable(
        "event",
        find=queries.get_event,
        may_attach=policy.may_attach_to_event,
        address="events.show",
        title=event_title,
    )
    event_labels.learn(
        types={"agreement": msg("Agreement")},
        fields={name: FIELDS[name] for name in TOLD},
        values={name: {str(code): label for code, label in LABELS[kind].items()} for name, kind in CODES.items()},
    )
    verification.install(app)
