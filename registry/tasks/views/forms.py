"""The form of a task: new, about a record, a leader's instruction, changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import RegistryError
from ...core.i18n import msg
from ...core.web.forms import Form
from ...core.web.guard import actor, needs
from ...records import kinds
from ...records.views import addresses
from ...records.views.pages import Pages
from .. import policy, services
from ..enums import TaskSource
from ..models import Task
from ..queries import LISTING
from ..schemas import details_from, instruction_from, new_from
from .blueprint import blueprint
from .drawn import PAGES, About, about, draw

USUAL_DAYS = 10


@blueprint.get("/tasks/new")
@needs(Action.TASK_ASSIGN)
def new() -> ResponseReturnValue:
    """An empty form; `kind` and `subject` in the address name the record that it is about.

    `title` and `source` are where it comes from: a decision of a meeting, a finding.
    """
    subject = about(request.args.get("kind", ""), request.args.get("subject", ""))
    source = addresses.one_of(TaskSource, "source") or TaskSource.CLAUSE
    defaults: dict[str, Any] = {
        "source": str(source),
        "days": USUAL_DAYS,
        "title_zh": request.args.get("title", "")[:200],
    }
    if subject:
        defaults |= {"subject_kind": subject.kind.code, "subject_public_id": subject.record.public_id}
    return PAGES.new(defaults)


@blueprint.post("/tasks/new")
@needs(Action.TASK_ASSIGN)
def create() -> ResponseReturnValue:
    """Assign a task."""
    return PAGES.create(lambda values, by: services.assign(new_from(values), by), msg("The task is assigned"))


@blueprint.get("/tasks/instruct/<kind>/<public_id>")
@needs(Action.TASK_INSTRUCT)
def instruct(kind: str, public_id: str) -> ResponseReturnValue:
    """A leader's instruction about a record: whoever keeps or does it is to see to it, unless another is chosen."""
    subject = _subject(kind, public_id)
    keeper = subject.record.lead if isinstance(subject.record, Task) else getattr(subject.record, "owner", None)
    defaults: dict[str, Any] = {"title_zh": f"落实关于“{subject.title}”的批示"[:200], "days": USUAL_DAYS}
    return _instruction(subject).new(defaults | ({"lead": keeper.public_id} if keeper else {}))


@blueprint.post("/tasks/instruct/<kind>/<public_id>")
@needs(Action.TASK_INSTRUCT)
def send_instruction(kind: str, public_id: str) -> ResponseReturnValue:
    """Give the instruction: a task comes of it."""

    def make(values: Mapping[str, Any], by: User) -> Task:
        return services.assign(instruction_from(values, kind, public_id), by)

    pages = _instruction(_subject(kind, public_id))
    return pages.create(make, msg("The instruction is given: a task came of it"))


def _instruction(subject: About) -> Pages[Task]:
    def form_page(form: Form, task: Task | None, error: RegistryError | None) -> str:
        return draw(form, task, error, instruction=subject)

    return replace(PAGES, form_page=form_page)


def _subject(kind: str, public_id: str) -> About:
    return About(kinds.kind_of(kind), kinds.find(kind, public_id, actor()))


@blueprint.get("/tasks/<public_id>/edit")
@needs(Action.TASK_EDIT)
def edit(public_id: str) -> ResponseReturnValue:
    """The form of a task."""
    task = LISTING.get(public_id, actor())
    policy.may_edit(actor(), task).enforce()
    return PAGES.edit(task, _stored(task))


@blueprint.post("/tasks/<public_id>/edit")
@needs(Action.TASK_EDIT)
def save(public_id: str) -> ResponseReturnValue:
    """Change a task."""

    def change(task: Task, values: Mapping[str, Any], by: User) -> None:
        services.edit(task, details_from(values), by)

    return PAGES.save(public_id, change, msg("The task is saved"))


def _stored(task: Task) -> dict[str, Any]:
    """A counted deadline stands as its number of days, so that it stays counted."""
    stored: dict[str, Any] = {name: getattr(task, name) for name in (*services.FIELDS, "starts_on", "days")}
    stored |= {"lead": task.lead.public_id, "due_on": "" if task.days else task.due_on}
    return stored | {f"supporting-{number}": unit.organisation.public_id for number, unit in enumerate(task.units)}
