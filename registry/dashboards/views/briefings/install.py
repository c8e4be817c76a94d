"""Gives the pages of briefings to the application, and the kind of their items."""

from flask import Flask

from ....accounts import event_labels
from ....core.i18n import msg
from ....records import kinds
from ....records.kinds import Kind
from ... import reorganising
from ...models import BriefingState
from ...queries.briefings import get_item
from ...services import briefings
from . import browse, pages, papers, word
from .blueprint import blueprint
from .shown import ITEM

MODULES = (browse, pages, papers, word)  # imported so that their views are registered
MERGES = (reorganising,)  # imported so that snapshots and briefings stay with who had them
FIELDS = {
    "as_of": msg("Figures as of"),
    "is_late": msg("Drawn up later"),
    "author": msg("Drawn up by"),
    "report_to": msg("Sent to"),
    "problems_zh": msg("Problems"),
    "problems_en": msg("Problems, in English"),
    "next_zh": msg("Next steps"),
    "next_en": msg("Next steps, in English"),
    "file": msg("File"),
    "sha256": msg("SHA-256"),
    "language": msg("Language"),
    "state": msg("State"),
}


def install(app: Flask) -> None:
    """Register the pages, the kind and the words of the audit."""
    app.register_blueprint(blueprint)
    kinds.register(Kind(ITEM, msg("Item of a briefing"), "briefings.item", get_item))
    event_labels.learn(
        types={"briefing": msg("Briefing"), "briefingtemplate": msg("Word template of briefings")},
        fields=FIELDS,
        values={"state": {str(one): one.label for one in BriefingState}},
        actions={briefings.PREPARED: msg("The registry prepared a briefing")},
    )
