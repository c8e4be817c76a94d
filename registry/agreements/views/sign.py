"""A signatory looks at the exact file and signs it; a party declines; the owner asks again."""

from collections.abc import Sequence
from io import BytesIO

from flask import Response, flash, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from ...accounts.services import own
from ...accounts.views.own import prove_twice
from ...core.access.actions import Action
from ...core.db import transaction
from ...core.errors import Conflict, Forbidden, Invalid, NotFound, RegistryError, Stale, TooMany
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from ...documents import certificates, previews, store, verdicts
from ...documents.produce import CannotRender
from ...documents.signing import NoSigningKey, NoTimeStamp
from .. import policy, queries
from ..models import Agreement, AgreementDocument, Signatory
from ..schemas.actions import DigitalSignatureSchema
from ..services import digital, signing
from ..services.revisions import open_revision
from .blueprint import blueprint
from .steps import act, reason, signatory_of, user

SECRETS = ("current_password", "otp_code")
REFUSALS = (Invalid, Conflict, TooMany, NoSigningKey, NoTimeStamp, CannotRender)


@blueprint.get("/agreements/<public_id>/sign")
@needs(Action.AGREEMENT_SIGN)
def review_and_sign(public_id: str) -> ResponseReturnValue:
    """The file as it is now, who signed it, and the form to sign it."""
    agreement = queries.get_visible(public_id, actor())
    row = own_row(agreement)
    return _page(agreement, row, Form({"name": row.name or user().name}))


@blueprint.get("/agreements/<public_id>/sign/<sha256>/<int:number>.png")
@needs(Action.AGREEMENT_SIGN)
def page_to_sign(public_id: str, sha256: str, number: int) -> Response:
    """A page of exactly the file that is signed; of any other file there is none."""
    agreement = queries.get_visible(public_id, actor())
    document = queries.file_to_sign(own_row(agreement).revision)
    pictures = _pictures(document) if document and document.file.sha256 == sha256 else ()
    if not 0 < number <= len(pictures):
        raise NotFound
    return send_file(BytesIO(pictures[number - 1]), "image/png")


@blueprint.post("/agreements/<public_id>/sign")
@needs(Action.AGREEMENT_SIGN)
def sign(public_id: str) -> ResponseReturnValue:
    """Sign the bytes that were shown, after password and one-time code; slow work comes before the transaction."""
    agreement = queries.get_visible(public_id, actor())
    row = own_row(agreement)
    values = form_values()
    form = Form({name: value for name, value in values.items() if name not in SECRETS})
    try:
        given = load(DigitalSignatureSchema(), values)
        planned, pdf = digital.plan(agreement, row, given.details, user())
        _confirm(given.current_password, given.code)
        kept = store.put(digital.make(planned, pdf), "application/pdf")
        with once.transaction() as result:
            agreement = queries.get_for_change(public_id, actor(), agreement.row_version)
            digital.sign(agreement, own_row(agreement), planned, kept, user())
            result.at(url_for("agreements.show", public_id=public_id))
    except REFUSALS as error:
        agreement = queries.get_visible(public_id, actor())
        return _page(agreement, own_row(agreement), form, error)
    flash(str(msg("Your digital signature is in the file")), "success")
    return result.redirect()


@blueprint.post("/agreements/<public_id>/signatories/<signatory_id>/decline")
@needs(Action.AGREEMENT_DECLINE)
def decline(public_id: str, signatory_id: str) -> ResponseReturnValue:
    """A party refuses to sign, with the reason."""
    return act(
        public_id,
        f"decline-{signatory_id}",
        msg("The refusal is recorded; the owner sees the reason"),
        lambda agreement, by: signing.decline(agreement, signatory_of(agreement, signatory_id), reason(), by),
    )


@blueprint.post("/agreements/<public_id>/send-again")
@needs(Action.AGREEMENT_SEND_AGAIN)
def send_again(public_id: str) -> ResponseReturnValue:
    """Ask those again that have not signed."""
    return act(
        public_id, "send_again", msg("Those who have not signed are asked again; no signature is touched"),
        signing.send_again,
    )  # fmt: skip


def own_row(agreement: Agreement) -> Signatory:
    """The row of the reader's own party that counts.

    Raises Forbidden where their organisation does not sign, Conflict where nothing is being signed.
    """
    rows = queries.awaited_of(open_revision(agreement))
    for row in rows:
        if row.party.organisation_id == actor().organisation_id:
            return row
    if rows:
        raise Forbidden
    raise Conflict


def _confirm(password: str, code: str) -> None:
    """The same person once more: password, then a code of the second factor, which is used up.

    Raises Invalid, TooMany, Conflict without a second factor.
    """
    if not user().has_second_factor:
        raise Conflict(msg("Set up a second factor first"))
    attempt = prove_twice(password)
    with transaction():
        own.confirm_identity(user(), code, attempt)


def _pictures(document: AgreementDocument) -> Sequence[bytes]:
    """Its pages; none where they cannot be shown, so that the file has to be downloaded."""
    try:
        return previews.of_file(document.file.sha256, store.read(document.file)).pages
    except Invalid:
        return ()


def _page(agreement: Agreement, row: Signatory, form: Form, error: RegistryError | None = None) -> ResponseReturnValue:
    document = queries.file_to_sign(row.revision)
    rows = queries.awaited_of(row.revision)
    verdict = verdicts.judge(store.read(document.file)) if document else None
    html = render_template(
        "agreements/sign.html",
        agreement=agreement,
        row=row,
        document=document,
        rows=rows,
        verdict=verdict,
        pages=len(_pictures(document)) if document else 0,
        decision=policy.may_sign(actor(), agreement, row, rows),
        certificate=certificates.usable_for(actor().organisation_id),
        has_second_factor=user().has_second_factor,
        error=error,
        form=form.refused(error) if isinstance(error, Invalid) else form,
        is_stale=isinstance(error, Stale),
    )
    return html, error.status if error else 200
