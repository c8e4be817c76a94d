"""The buttons of the lifecycle. Each posts with the version that the page showed and comes back to the page."""

from collections.abc import Callable
from typing import cast

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from ...accounts.models import User
from ...core.access.actions import Action
from ...core.errors import NotFound
from ...core.i18n import Message, msg
from ...core.web import once
from ...core.web.forms import Form, form_values, row_version
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from .. import queries
from ..models import Agreement, AgreementParty, Signatory
from ..schemas.actions import CommentSchema, OpinionSchema, ReasonSchema, SignatureSchema
from ..services import clearance, entry, lifecycle, negotiation, signing
from . import page
from .blueprint import blueprint

Act = Callable[[Agreement, User], None]


def act(public_id: str, name: str, done: Message, do: Act) -> ResponseReturnValue:
    """Do one thing to one agreement in one transaction; a refusal is told on the page, at the form called `name`."""
    form = Form(form_values())
    try:
        with once.transaction() as result:
            do(queries.get_for_change(public_id, actor(), row_version()), user())
            result.at(url_for("agreements.show", public_id=public_id))
    except page.REFUSALS as error:
        return page.render(queries.get_visible(public_id, actor()), error, form, name)
    flash(str(done), "success")
    return result.redirect()


def act_with_reason(
    public_id: str, name: str, done: Message, service: Callable[[Agreement, str, User], None]
) -> ResponseReturnValue:
    """The same for a service that wants a reason."""
    return act(public_id, name, done, lambda agreement, by: service(agreement, reason(), by))


def user() -> User:
    """The signed-in user as a row: agreements name people, not just actors."""
    return cast("User", actor())


def reason() -> str:
    """The reason of the form, made clean."""
    return str(load(ReasonSchema(), _only("reason"))["reason"])


def _only(*names: str) -> dict[str, str]:
    return {name: request.form[name] for name in names if name in request.form}


@blueprint.post("/agreements/<public_id>/confirm")
@needs(Action.AGREEMENT_CONFIRM)
def confirm(public_id: str) -> ResponseReturnValue:
    """A second person confirms a historic entry."""
    return act(public_id, "confirm", msg("The record is confirmed"), entry.confirm)


@blueprint.post("/agreements/<public_id>/submit")
@needs(Action.AGREEMENT_SUBMIT)
def submit(public_id: str) -> ResponseReturnValue:
    """Draft → review."""
    known = "duplicates_known" in request.form
    return act(
        public_id,
        "submit",
        msg("Submitted for review"),
        lambda agreement, by: clearance.submit(agreement, by, duplicates_known=known),
    )


@blueprint.post("/agreements/<public_id>/clear")
@needs(Action.AGREEMENT_CLEAR)
def clear(public_id: str) -> ResponseReturnValue:
    """Pass the own organisation's next internal step."""
    return act(
        public_id,
        "clear",
        msg("Your opinion is recorded"),
        lambda agreement, by: clearance.clear(agreement, load(OpinionSchema(), form_values()), by),
    )


@blueprint.post("/agreements/<public_id>/return")
@needs(Action.AGREEMENT_RETURN)
def send_back(public_id: str) -> ResponseReturnValue:
    """Review → draft."""
    return act_with_reason(public_id, "return", msg("Returned to the handler"), clearance.send_back)


@blueprint.post("/agreements/<public_id>/request-changes")
@needs(Action.AGREEMENT_REQUEST_CHANGES)
def request_changes(public_id: str) -> ResponseReturnValue:
    """Negotiation → draft: a counterpart wants changes, or rejects."""

    def do(agreement: Agreement, by: User) -> None:
        said = load(CommentSchema(), form_values())
        negotiation.request_changes(agreement, said["verdict"], said["comment"], by)

    return act(public_id, "request_changes", msg("The owner has been told what has to change"), do)


@blueprint.post("/agreements/<public_id>/parties/<party_id>/approval")
@needs(Action.AGREEMENT_APPROVE)
def approve_from_paper(public_id: str, party_id: str) -> ResponseReturnValue:
    """The written approval of a party that has no users here."""

    def do(agreement: Agreement, by: User) -> None:
        said = load(CommentSchema(), form_values())
        negotiation.approve_from_paper(agreement, party_of(agreement, party_id), said["comment"], by)

    return act(public_id, f"approval-{party_id}", msg("The approval is recorded"), do)


@blueprint.post("/agreements/<public_id>/start-signing")
@needs(Action.AGREEMENT_START_SIGNING)
def start_signing(public_id: str) -> ResponseReturnValue:
    """Negotiation → signing."""
    in_order = "in_order" in request.form
    return act(
        public_id,
        "start_signing",
        msg("Signing has begun; the signing copy is being made"),
        lambda agreement, by: signing.start_signing(agreement, by, in_order=in_order),
    )


@blueprint.post("/agreements/<public_id>/withdraw-signing")
@needs(Action.AGREEMENT_WITHDRAW_SIGNING)
def withdraw_signing(public_id: str) -> ResponseReturnValue:
    """Signing → negotiation."""
    return act_with_reason(
        public_id, "withdraw_signing", msg("Signing was withdrawn; the signing copy is void"), signing.withdraw_signing
    )


@blueprint.post("/agreements/<public_id>/signatories/<signatory_id>/signature")
@needs(Action.AGREEMENT_RECORD_SIGNATURE)
def record_signature(public_id: str, signatory_id: str) -> ResponseReturnValue:
    """Note a signature and the use of the seal."""

    def do(agreement: Agreement, by: User) -> None:
        details = load(SignatureSchema(), form_values())
        signing.record_signature(agreement, signatory_of(agreement, signatory_id), details, by)

    return act(public_id, f"signature-{signatory_id}", msg("Signature and seal are recorded"), do)


@blueprint.post("/agreements/<public_id>/signatories/<signatory_id>/void")
@needs(Action.AGREEMENT_VOID_SIGNATURE)
def void_signature(public_id: str, signatory_id: str) -> ResponseReturnValue:
    """Void a recorded signature."""
    return act(
        public_id,
        f"void-{signatory_id}",
        msg("The signature is void; a new one is awaited"),
        lambda agreement, by: signing.void_signature(agreement, signatory_of(agreement, signatory_id), reason(), by),
    )


@blueprint.post("/agreements/<public_id>/complete-signing")
@needs(Action.AGREEMENT_COMPLETE_SIGNING)
def complete_signing(public_id: str) -> ResponseReturnValue:
    """Signing → signed or in force."""
    return act(
        public_id,
        "complete_signing",
        msg("Signing is complete; the registry copy is being made"),
        signing.complete_signing,
    )


@blueprint.post("/agreements/<public_id>/void")
@needs(Action.AGREEMENT_VOID)
def void(public_id: str) -> ResponseReturnValue:
    """Void it before it is in force."""
    return act_with_reason(public_id, "void", msg("The agreement is void"), lifecycle.void)


@blueprint.post("/agreements/<public_id>/suspend")
@needs(Action.AGREEMENT_SUSPEND)
def suspend(public_id: str) -> ResponseReturnValue:
    """In force → suspended."""
    return act_with_reason(public_id, "suspend", msg("The agreement is suspended"), lifecycle.suspend)


@blueprint.post("/agreements/<public_id>/resume")
@needs(Action.AGREEMENT_RESUME)
def resume(public_id: str) -> ResponseReturnValue:
    """Suspended → in force."""
    return act_with_reason(public_id, "resume", msg("The agreement is in force again"), lifecycle.resume)


def party_of(agreement: Agreement, public_id: str) -> AgreementParty:
    """A party of this agreement; somebody else's party does not exist here."""
    for party in agreement.parties_now:
        if party.public_id == public_id:
            return party
    raise NotFound


def signatory_of(agreement: Agreement, public_id: str) -> Signatory:
    """A signatory of this agreement's open revision."""
    revision = agreement.open_revision
    for row in queries.signatories_of(revision) if revision else ():
        if row.public_id == public_id:
            return row
    raise NotFound
