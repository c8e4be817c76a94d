"""The list of certificates, one certificate, and what can be done with it. 签名证书."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from ...accounts.schemas import ReasonSchema
from ...core.access.actions import Action
from ...core.dates import now
from ...core.db import transaction
from ...core.errors import Invalid
from ...core.web import once
from ...core.web.forms import Form, form_values
from ...core.web.guard import actor, needs
from ...core.web.paging import PAGE_SIZE, Page, offset, page_number
from ...core.web.schema import load
from .. import certificates, policy, services, signing
from ..inputs import CertificateFilter
from ..models import SigningCertificate
from ..states import CertificateState, state_of
from . import shown
from .blueprint import blueprint


@blueprint.get("")
@needs(Action.CERTIFICATE_VIEW)
def index() -> ResponseReturnValue:
    """Who may sign with what, and until when; the registry's own certificate on top."""
    wanted = CertificateFilter(request.args.get("text", "").strip()[:100], request.args.get("state", ""))
    number = page_number()
    rows, total = certificates.list_certificates(wanted, offset(number), PAGE_SIZE)
    moment = now()
    return render_template(
        "documents/certificates/index.html",
        page=Page(rows, number, total),
        states=[state_of(row, moment) for row in rows],
        state_options=[(state.value, state.label) for state in CertificateState],
        form=Form(request.args.to_dict()),
        own=shown.own_certificate(),
        expiring=certificates.count_expiring(moment),
    )


@blueprint.get("/<public_id>")
@needs(Action.CERTIFICATE_VIEW)
def show(public_id: str) -> ResponseReturnValue:
    """One certificate with its chain."""
    return _page(certificates.get_certificate(public_id))


@blueprint.post("/<public_id>/try")
@needs(Action.CERTIFICATE_MANAGE)
def try_key(public_id: str) -> ResponseReturnValue:
    """Sign a random number with the key and say how it went."""
    certificate = certificates.get_certificate(public_id)
    refusal = None
    try:
        signing.try_key(certificate)
    except signing.NoSigningKey as error:
        refusal = error.message
    with transaction():
        services.note_trial(actor(), certificates.get_certificate(public_id), refusal)
    if refusal:
        flash(_("The key does not sign: %(reason)s", reason=refusal), "bad")
    else:
        flash(_("The key signs, and the signature fits the certificate"), "success")
    return redirect(url_for("certificates.show", public_id=public_id), 303)


@blueprint.post("/<public_id>/revoke")
@needs(Action.CERTIFICATE_MANAGE)
def revoke(public_id: str) -> ResponseReturnValue:
    """End it for good, with a reason."""
    form = Form(form_values())
    try:
        reason = load(ReasonSchema(), form.values)["reason"]
        with once.transaction() as done:
            services.revoke(actor(), certificates.get_certificate(public_id), reason)
            done.at(url_for("certificates.show", public_id=public_id))
    except Invalid as error:
        return _page(certificates.get_certificate(public_id), form.refused(error)), error.status
    flash(_("The certificate is revoked"), "success")
    return done.redirect()


def _page(certificate: SigningCertificate, revoke_form: Form | None = None) -> str:
    return render_template(
        "documents/certificates/show.html",
        certificate=certificate,
        state=state_of(certificate, now()),
        chain=shown.chain(certificate),
        may_revoke=policy.may_revoke(actor(), certificate),
        may_manage=policy.may_manage(actor()),
        revoke_form=revoke_form,
    )
