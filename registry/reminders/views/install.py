"""Gives the pages to the application."""

from flask import Flask

from ...accounts import event_labels
from ...core.i18n import msg
from .. import jobs, reorganising
from ..rules import Rule
from . import browse, calendar
from .blueprint import blueprint
from .pages import when_words, who_words

LOADED = (browse, jobs, reorganising)  # imported so that pages, daily work and merges know of them
FIELDS = {
    "rule": msg("Rule"),
    "is_on": msg("Switched on"),
    "days_before": msg("Days before"),
    "on_day": msg("On the day itself"),
    "days_after": msg("Days after"),
    "repeat": msg("Repeated (days × times)"),
    "told": msg("Who is told"),
}


def install(app: Flask) -> None:
    """Register the pages and their words."""
    app.register_blueprint(blueprint)
    app.register_blueprint(calendar.blueprint)
    app.jinja_env.globals |= {"reminder_when": when_words, "reminder_who": who_words}
    event_labels.learn(fields=FIELDS, values={"rule": {str(rule): rule.label for rule in Rule}})
