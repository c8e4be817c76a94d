"""Reminders of the registry, of the reader's organisation, and of one agreement."""

from flask.typing import ResponseReturnValue

from ...agreements import queries as agreements
from ...core.access.actions import Action
from ...core.web.guard import actor, needs
from ...records.views.pages import user
from ..inputs import Place
from ..rules import OF_AGREEMENTS
from .blueprint import blueprint
from .pages import Pages


def _system() -> Place:
    return Place()


def _own() -> Place:
    return Place(user().organisation)


def _of_agreement(public_id: str) -> Place:
    return Place(user().organisation, agreements.get_visible(public_id, actor()))


SYSTEM = Pages("reminders.system", _system)
OWN = Pages("reminders.index", _own)
AGREEMENT = Pages("reminders.agreement", _of_agreement, OF_AGREEMENTS)


@blueprint.get("/reminders")
@needs(Action.REMINDER_VIEW)
def index() -> ResponseReturnValue:
    """Of what the reader's organisation is reminded."""
    return OWN.index()


@blueprint.get("/reminders/rules/<rule>")
@needs(Action.REMINDER_SET)
def index_form(rule: str) -> ResponseReturnValue:
    """One rule of the organisation."""
    return OWN.form(rule)


@blueprint.post("/reminders/rules/<rule>")
@needs(Action.REMINDER_SET)
def index_save(rule: str) -> ResponseReturnValue:
    """Set it for the organisation's people."""
    return OWN.save(rule)


@blueprint.post("/reminders/rules/<rule>/reset")
@needs(Action.REMINDER_SET)
def index_reset(rule: str) -> ResponseReturnValue:
    """Back to what holds in the registry."""
    return OWN.reset(rule)


@blueprint.get("/system/reminders")
@needs(Action.REMINDER_SET_SYSTEM)
def system() -> ResponseReturnValue:
    """What holds wherever nobody set anything else."""
    return SYSTEM.index()


@blueprint.get("/system/reminders/<rule>")
@needs(Action.REMINDER_SET_SYSTEM)
def system_form(rule: str) -> ResponseReturnValue:
    """One rule of the registry."""
    return SYSTEM.form(rule)


@blueprint.post("/system/reminders/<rule>")
@needs(Action.REMINDER_SET_SYSTEM)
def system_save(rule: str) -> ResponseReturnValue:
    """Set it for the registry."""
    return SYSTEM.save(rule)


@blueprint.post("/system/reminders/<rule>/reset")
@needs(Action.REMINDER_SET_SYSTEM)
def system_reset(rule: str) -> ResponseReturnValue:
    """Back to the usual."""
    return SYSTEM.reset(rule)


@blueprint.get("/agreements/<public_id>/reminders")
@needs(Action.REMINDER_VIEW)
def agreement(public_id: str) -> ResponseReturnValue:
    """Of what the reader's organisation is reminded about one agreement, and who was."""
    return AGREEMENT.index(public_id=public_id)


@blueprint.get("/agreements/<public_id>/reminders/<rule>")
@needs(Action.REMINDER_SET_AGREEMENT)
def agreement_form(public_id: str, rule: str) -> ResponseReturnValue:
    """One rule of the agreement."""
    return AGREEMENT.form(rule, public_id=public_id)


@blueprint.post("/agreements/<public_id>/reminders/<rule>")
@needs(Action.REMINDER_SET_AGREEMENT)
def agreement_save(public_id: str, rule: str) -> ResponseReturnValue:
    """Set it for the reader's own people, as far as this agreement is concerned."""
    return AGREEMENT.save(rule, public_id=public_id)


@blueprint.post("/agreements/<public_id>/reminders/<rule>/reset")
@needs(Action.REMINDER_SET_AGREEMENT)
def agreement_reset(public_id: str, rule: str) -> ResponseReturnValue:
    """Back to what holds for the organisation."""
    return AGREEMENT.reset(rule, public_id=public_id)
