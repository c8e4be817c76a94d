"""How certificates come in: issued for development, imported from a file, registered on a token. 证书登记."""

from collections.abc import Callable, Mapping

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from ...core.access.actions import Action
from ...core.db import db
from ...core.errors import Invalid
from ...core.i18n import msg
from ...core.web import once
from ...core.web.forms import Form, form_values, restored
from ...core.web.guard import actor, needs
from ...core.web.schema import load
from ...organisations.models import Organisation, OrganisationStatus
from ...organisations.queries.lookup import choices_where
from .. import policy, services
from ..bundles.reading import LARGEST_BYTES, read_bundle
from ..inputs import TokenInput
from ..models import SigningCertificate
from ..places import places
from ..schemas import BundleSchema, OrganisationSchema, TokenSchema
from ..signing.admission import admit
from ..signing.errors import NoSigningKey
from ..signing.keys import OTHER_KEY, is_own_key, tokens
from .blueprint import blueprint

Work = Callable[[Organisation], SigningCertificate]


@blueprint.route("/issue", methods=["GET", "POST"])
@needs(Action.CERTIFICATE_MANAGE)
def issue() -> ResponseReturnValue:
    """A development certificate, in demo mode."""
    policy.may_issue(actor(), demo=places().demo).enforce()
    return _entry("issue", _issue)


@blueprint.route("/import", methods=["GET", "POST"])
@needs(Action.CERTIFICATE_MANAGE)
def import_file() -> ResponseReturnValue:
    """A PKCS#12 file and its passphrase."""
    return _entry("import", _import)


@blueprint.route("/token", methods=["GET", "POST"])
@needs(Action.CERTIFICATE_MANAGE)
def token() -> ResponseReturnValue:
    """A key that stays on a token or in a hardware module."""
    return _entry("token", _token)


def _issue(values: Mapping[str, str]) -> tuple[str, Work]:
    public_id = load(OrganisationSchema(), values)["organisation"]
    return public_id, lambda organisation: services.issue(actor(), organisation)


def _import(values: Mapping[str, str]) -> tuple[str, Work]:
    """Opening the file and judging its certificate is slow, so it is done before the transaction."""
    given = load(BundleSchema(), values)
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid({"file": [msg("Choose a file")]})
    bundle = read_bundle(upload.read(LARGEST_BYTES + 1), given.passphrase)
    if not is_own_key(bundle.key, bundle.certificate):
        raise Invalid({"file": [OTHER_KEY]})
    chain = admit(bundle.certificate, bundle.others, places(), "file")
    return given.organisation, lambda organisation: services.import_bundle(actor(), organisation, bundle, chain)


def _token(values: Mapping[str, str]) -> tuple[str, Work]:
    """Asking the token is slow as well."""
    given: TokenInput = load(TokenSchema(), values)
    try:
        own, *others = tokens().certificates_on(places(), given.token, given.key_label)
    except NoSigningKey as error:
        raise Invalid({"": [error.message]}) from error
    chain = admit(own, others, places(), "key_label")
    return given.organisation, lambda organisation: services.register_token(
        actor(), organisation, chain, given.token, given.key_label
    )


def _entry(name: str, prepare: Callable[[Mapping[str, str]], tuple[str, Work]]) -> ResponseReturnValue:
    """The form, or what becomes of it."""
    if request.method == "GET":
        return _form_page(name, restored() or Form({"organisation": request.args.get("organisation", "")}))
    form = Form(form_values())
    try:
        public_id, work = prepare(form.values)
        with once.transaction() as done:
            certificate = work(_organisation(public_id))
            done.at(url_for("certificates.show", public_id=certificate.public_id))
    except Invalid as error:
        return _form_page(name, form.refused(error)), error.status
    flash(_("The certificate is registered; try its key now"), "success")
    return done.redirect()


def _organisation(public_id: str) -> Organisation:
    """An active one; raises Invalid."""
    found = db.session.scalar(
        select(Organisation).where(
            Organisation.public_id == public_id, Organisation.status == OrganisationStatus.ACTIVE
        )
    )
    if found is None:
        raise Invalid({"organisation": [msg("Choose one of the listed values")]})
    return found


def _form_page(name: str, form: Form) -> str:
    offered = choices_where(Organisation.status == OrganisationStatus.ACTIVE, 2_000)
    organisations = [
        {"value": one.public_id, "label": str(one.name), "hint": f"{one.code} {one.place}".strip()} for one in offered
    ]
    return render_template(f"documents/certificates/{name}.html", form=form, organisations=organisations)
