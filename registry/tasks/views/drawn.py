"""How a task and its form are drawn, and the pages made of both."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for

from ...core.dates import today
from ...core.errors import NotFound, RegistryError
from ...core.web.forms import Form
from ...core.web.guard import actor
from ...organisations.models import Organisation
from ...organisations.queries.lookup import choices_where
from ...organisations.views.choices import organisation_options
from ...records import kinds
from ...records.views.pages import Pages, Shown
from .. import policy, queries
from ..enums import CHOSEN_SOURCES
from ..lights import fitting_slips
from ..models import Task
from ..queries import LISTING
from ..schemas import MOST_SUPPORTING


def render(task: Task, shown: Shown) -> str:
    """The page of one task."""
    light = queries.light_of(task, queries.horizon_now())
    named = policy.may_name_assignee(actor(), task)
    slips = fitting_slips(light) if light and policy.may_supervise(actor(), task, light) else ()
    return render_template(
        "tasks/show.html",
        task=task,
        shown=shown,
        today=today(),
        light=light,
        subject_address=subject_address(task),
        subject_kind=_kind_label(task),
        people=[(one.public_id, one.name) for one in queries.working_users(task.lead_id)] if named else [],
        slips=slips,
        slip_options=[(str(one), one.label) for one in slips],
        may_edit=policy.may_edit(actor(), task),
        may_cancel=policy.may_cancel(actor(), task),
        may_name=named,
        may_report=policy.may_report(actor(), task),
        may_request=policy.may_request_close(actor(), task),
        may_close=policy.may_close(actor(), task),
    )


def subject_address(task: Task) -> str | None:
    """Where its subject is, as far as the reader sees it."""
    try:
        subject = kinds.find(task.subject_kind, task.subject_public_id, actor())
    except NotFound:
        return None
    return url_for(kinds.kind_of(task.subject_kind).endpoint, public_id=subject.public_id)


def _kind_label(task: Task) -> object:
    try:
        return kinds.kind_of(task.subject_kind).label
    except NotFound:
        return ""


@dataclass(frozen=True)
class About:
    """The record that a new task is about, as its form shows it."""

    kind: kinds.Kind
    record: Any

    @property
    def title(self) -> str:
        """What it is called."""
        return str(getattr(self.record, "title_zh", "") or self.record.audit_label)

    @property
    def address(self) -> str:
        """Its page."""
        return url_for(self.kind.endpoint, public_id=self.record.public_id)


def about(kind: str, public_id: str) -> About | None:
    """The record named by the form; None where none is, or none that the reader sees."""
    try:
        return About(kinds.kind_of(kind), kinds.find(kind, public_id, actor())) if kind else None
    except NotFound:
        return None


def draw(form: Form, task: Task | None, error: RegistryError | None, *, instruction: About | None = None) -> str:
    """The form; the organisations that were chosen stand in their lists."""
    names = ["lead", *(f"supporting-{number}" for number in range(MOST_SUPPORTING))]
    chosen = [str(form.value(name)) for name in names]
    found = choices_where(Organisation.public_id.in_([one for one in chosen if one]), len(names))
    options = organisation_options(found)
    subject = instruction or about(str(form.value("subject_kind")), str(form.value("subject_public_id")))
    return render_template(
        "tasks/form.html",
        form=form,
        task=task,
        error=error,
        subject=None if task else subject,
        is_instruction=instruction is not None,
        options=[[one for one in options if one["value"] == value] for value in chosen],
        rows=min(MOST_SUPPORTING, max(2, 1 + max((at for at, one in enumerate(chosen) if one), default=0))),
        sources=[(str(one), one.label) for one in CHOSEN_SOURCES],
    )


PAGES = Pages("tasks.show", LISTING, render, draw)
