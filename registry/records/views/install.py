"""Gives templates what the pages of records share."""

from flask import Flask

from ...accounts.event_labels import action_label, change_words
from .. import reorganising
from ..queries import history


def install(app: Flask) -> None:
    """Filters and functions of `components/records.html`; every table is loaded, so records learn to follow merges."""
    reorganising.discover()
    app.jinja_env.filters["action_label"] = action_label
    app.jinja_env.globals |= {"history_of_record": history, "change_words": change_words}
