"""Gives the pages to the application."""

from flask import Flask

from ...accounts import event_labels
from ...attachments import subjects
from ...core.i18n import msg
from ...core.web.guard import actor
from ...core.web.words import in_words
from ...records import kinds
from ...records.kinds import Kind
from .. import policy, reorganising, services
from ..enums import Light, SlipColour, TaskSource, TaskState
from ..models import Task
from ..queries import LISTING, TaskLine, tasks_of
from . import browse, forms, page
from .blueprint import blueprint

MODULES = (browse, forms, page)  # imported so that their views are registered
MERGES = (reorganising,)  # imported so that slips stay with who issued them
FIELDS = {
    "goal": msg("Goal"),
    "lead": msg("Lead organisation"),
    "supporting": msg("Supporting organisations"),
    "leader": msg("Leader in charge"),
    "assignee": msg("Person responsible"),
    "starts_on": msg("First day"),
    "due_on": msg("Deadline"),
    "percent": msg("Share done"),
    "note": msg("Progress"),
    "evidence": msg("Evidence"),
    "reopened": msg("Reopened (times)"),
    "slip": msg("Supervision slip"),
    "colour": msg("Colour of the slip"),
    "light": msg("Light"),
    "whose": msg("Whose tasks"),
    "overdue": msg("Overdue"),
}
VALUES = {
    "state": {str(one): one.label for one in TaskState},
    "colour": {str(one): one.label for one in SlipColour},
    "light": {str(one): one.label for one in Light},
    "source": {str(one): one.label for one in TaskSource},
    "whose": browse.WHOSE_WORDS,
}
ACTIONS = {
    services.SETTLED: msg("Its cause is gone"),
    services.RECOUNTED: msg("The deadline was counted again"),
    browse.EXPORTED: msg("Export tasks"),
}


def install(app: Flask) -> None:
    """Register the pages, the kind and its words."""
    app.register_blueprint(blueprint)
    subjects.attachable(
        services.KIND, find=LISTING.get, may_attach=policy.may_attach, address="tasks.show", title=title_of
    )
    kinds.register(Kind(services.KIND, msg("Task"), "tasks.show", LISTING.get, LISTING.titles))
    event_labels.learn(
        types={"task": msg("Task"), "supervisionslip": msg("Supervision slip")},
        fields=FIELDS,
        values=VALUES,
        actions=ACTIONS,
    )
    app.jinja_env.globals["tasks_about"] = tasks_about


def tasks_about(kind: str, public_id: str) -> list[TaskLine]:
    """For the page of a record: the tasks about it that the reader sees."""
    return tasks_of(kind, public_id, actor())


def title_of(task: Task) -> object:
    """Its title in the reader's language."""
    return in_words(task.title_zh, task.title_en)
