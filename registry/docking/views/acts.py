"""What is done with a case on its page: moving on, correcting, planning, leaving out, losing, reopening, linking."""

from flask import flash
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import Invalid, NotFound
from ...core.i18n import msg
from ...core.web.forms import form_values
from ...core.web.guard import needs
from .. import services
from ..enums import Stage
from ..models import DockingCase
from ..schemas import correction_from, link_from, loss_from, plan_from, reason_from, stage_from
from .blueprint import blueprint
from .page import PAGES


@blueprint.post("/docking/<public_id>/advance")
@needs(Action.DOCKING_ADVANCE)
def advance(public_id: str) -> ResponseReturnValue:
    """Record that a later stage was reached, with its counts."""

    def do(case: DockingCase, by: User) -> None:
        values = form_values()
        stage = _stage(values.pop("stage", ""), "stage")
        services.advance(case, stage, stage_from(stage, values), by)
        _warn(case)

    return PAGES.act(public_id, "advance", msg("The stage is recorded"), do)


@blueprint.post("/docking/<public_id>/stages/<stage>")
@needs(Action.DOCKING_RECORD)
def correct(public_id: str, stage: str) -> ResponseReturnValue:
    """Put the counts of a reached stage right."""

    def do(case: DockingCase, by: User) -> None:
        known = _known(stage)
        services.correct(case, known, correction_from(known, form_values()), by)
        _warn(case)

    return PAGES.act(public_id, "record", msg("The stage is corrected"), do)


@blueprint.post("/docking/<public_id>/plan")
@needs(Action.DOCKING_EDIT)
def plan(public_id: str) -> ResponseReturnValue:
    """Plan the stages ahead."""
    return PAGES.act(
        public_id, "plan", msg("The plan is saved"), lambda case, by: services.plan(case, plan_from(form_values()), by)
    )


@blueprint.post("/docking/<public_id>/skip")
@needs(Action.DOCKING_SKIP)
def skip(public_id: str) -> ResponseReturnValue:
    """Leave the next stage out."""
    return PAGES.act(
        public_id,
        "skip",
        msg("The stage is left out"),
        lambda case, by: services.skip(case, reason_from(form_values()), by),
    )


@blueprint.post("/docking/<public_id>/lose")
@needs(Action.DOCKING_LOSE)
def lose(public_id: str) -> ResponseReturnValue:
    """It came to nothing."""
    return PAGES.act(
        public_id, "lose", msg("The case is lost"), lambda case, by: services.lose(case, loss_from(form_values()), by)
    )


@blueprint.post("/docking/<public_id>/reopen")
@needs(Action.DOCKING_REOPEN)
def reopen(public_id: str) -> ResponseReturnValue:
    """Back to where it was."""
    return PAGES.act(
        public_id,
        "reopen",
        msg("The case is open again"),
        lambda case, by: services.reopen(case, reason_from(form_values()), by),
    )


@blueprint.post("/docking/<public_id>/links")
@needs(Action.DOCKING_EDIT)
def link(public_id: str) -> ResponseReturnValue:
    """Link another record."""

    def do(case: DockingCase, by: User) -> None:
        try:
            services.link(case, link_from(form_values()), by)
        except NotFound:
            raise Invalid({"record": [msg("There is no such record of this kind that you see")]}) from None

    return PAGES.act(public_id, "link", msg("The record is linked"), do)


@blueprint.post("/docking/<public_id>/links/remove")
@needs(Action.DOCKING_EDIT)
def unlink(public_id: str) -> ResponseReturnValue:
    """Take a link away."""
    return PAGES.act(
        public_id,
        "unlink",
        msg("The link is taken away"),
        lambda case, by: services.unlink(case, link_from(form_values()), by),
    )


def _stage(value: object, field: str) -> Stage:
    if value not in set(Stage):
        raise Invalid({field: [msg("Choose one of the listed values")]})
    return Stage(str(value))


def _known(value: str) -> Stage:
    if value not in set(Stage):
        raise NotFound
    return Stage(value)


def _warn(case: DockingCase) -> None:
    """What looks wrong is told at once; the page goes on telling it."""
    for warning in case.warnings:
        flash(str(warning), "warning")
