"""Gives the pages to the application."""

from flask import Flask

from ...accounts import event_labels
from ...core.i18n import msg
from ...jobs import reasons
from .. import jobs
from ..enums import Topic, Via, Way
from . import centre, channels, preferences

WORKS = (jobs,)  # imported so that workers know what to do with messages
FIELDS = {
    "email": msg("E-mail address"),
    "via": msg("Kind of channel"),
    "host": msg("Host"),
    "address": msg("Address"),
    "secret": msg("Secret"),
    "language": msg("Language"),
    "quiet_from": msg("Quiet from"),
    "quiet_until": msg("Quiet until"),
    "working_days_only": msg("On working days only"),
    "topics": msg("Topics"),
    "active": msg("In use"),
    "test": msg("Test message"),
    **{f"way-{topic}": topic.label for topic in Topic},
}
VALUES = {
    "via": {str(one): one.label for one in Via},
    "email": {
        "asked": msg("Code sent to an address"),
        "proven": msg("Address proven"),
        "forgotten": msg("Address forgotten"),
    },
    **{f"way-{topic}": {str(one): one.label for one in Way} for topic in Topic},
}


def install(app: Flask) -> None:
    """Register the pages, and the words of the audit."""
    for one in (centre, preferences, channels):
        app.register_blueprint(one.blueprint)
    app.jinja_env.globals["said_why"] = reasons.read
    event_labels.learn(
        types={"preference": msg("Message preferences"), "channel": msg("Message channel")},
        fields=FIELDS,
        values=VALUES,
    )
