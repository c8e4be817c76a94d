"""What is done with certificates: issued for development, imported, registered on a token, tried, revoked. 证书管理.

Opening files and asking tokens comes before the transaction (see the views); here keys are only written.
"""

from collections.abc import Sequence

from asn1crypto import pem, x509
from sqlalchemy import select

from ..accounts.models import User, UserRole, UserStatus
from ..audit.services import record
from ..core.access.decision import Actor
from ..core.access.roles import Role
from ..core.dates import now
from ..core.db import db
from ..core.errors import Conflict, Invalid
from ..core.i18n import Message, msg
from ..core.ids import new_public_id
from ..organisations.models import Organisation, OrganisationStatus
from . import authority, certificates, policy
from .authority import NoAuthority
from .bundles.reading import Bundle
from .events import CertificateEvent
from .leftovers import remove_on_rollback
from .models import KeySource, SigningCertificate
from .places import places
from .signing.keyfiles import SEALED, seal

LONGEST_SUBJECT = 400


def issue(actor: Actor, organisation: Organisation) -> SigningCertificate:
    """A development certificate for an organisation. Raises Forbidden outside demo mode, Conflict without authority."""
    policy.may_issue(actor, demo=places().demo).enforce()
    try:
        return _issue(actor, organisation)
    except NoAuthority as error:
        raise Conflict(msg("There is no development authority: run “flask registry dev-ca” first")) from error


def issue_where_missing() -> list[SigningCertificate]:
    """For the command line: one for each organisation that has a signatory but no certificate that can be used now."""
    if not authority.is_there(places().keys):
        return []
    held = certificates.holders([one.id for one in _with_signatory()])
    return [_issue(None, one) for one in _with_signatory() if one.id not in held]


def import_bundle(
    actor: Actor, organisation: Organisation, bundle: Bundle, chain: Sequence[x509.Certificate]
) -> SigningCertificate:
    """Keep an imported key, encrypted, and register its certificate. Raises Invalid when it is registered already."""
    policy.may_manage(actor).enforce()
    keys, stem = places().keys, f"imported-{new_public_id()}"
    remove_on_rollback(keys / f"{stem}{SEALED}")
    made = _register(actor, organisation, chain, KeySource.PKCS12, f"{stem}{SEALED}", CertificateEvent.IMPORTED)
    seal(keys, stem, bundle.key)
    return made


def register_token(
    actor: Actor, organisation: Organisation, chain: Sequence[x509.Certificate], token: str, key_label: str
) -> SigningCertificate:
    """Register a certificate whose key stays on a token. Raises Invalid when it is registered already."""
    policy.may_manage(actor).enforce()
    reference = f"{token}/{key_label}"
    return _register(actor, organisation, chain, KeySource.PKCS11, reference, CertificateEvent.REGISTERED)


def note_trial(actor: Actor, certificate: SigningCertificate, refusal: Message | None) -> None:
    """Record that somebody tried the key, and how it went."""
    policy.may_manage(actor).enforce()
    record(actor, CertificateEvent.TRIED, certificate, reason=refusal or "", succeeded=refusal is None)


def revoke(actor: Actor, certificate: SigningCertificate, reason: str) -> None:
    """End a certificate for good; a development one is also named by the authority's revocation list.

    Raises Forbidden, Conflict.
    """
    policy.may_revoke(actor, certificate).enforce()
    certificate.revoke(reason, now())
    record(actor, CertificateEvent.REVOKED, certificate, reason=reason)
    db.session.flush()
    keys = places().keys
    if certificate.source is KeySource.DEVELOPMENT and authority.is_there(keys):
        authority.revoke(keys, [int(certificate.serial, 16)])


def _with_signatory() -> Sequence[Organisation]:
    """Active organisations in which somebody active may sign."""
    signing = (
        select(User.organisation_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.SIGNATORY, User.status == UserStatus.ACTIVE)
    )
    active = Organisation.status == OrganisationStatus.ACTIVE
    return db.session.scalars(select(Organisation).where(active, Organisation.id.in_(signing))).all()


def _issue(actor: Actor | None, organisation: Organisation) -> SigningCertificate:
    keys, stem = places().keys, f"organisation-{new_public_id()}"
    remove_on_rollback(keys / f"{stem}.crt", keys / f"{stem}.key")
    made = authority.issue(keys, organisation.name_zh, stem)
    chain = [x509.Certificate.load(der) for _, _, der in pem.unarmor(made.pem.encode(), multiple=True)]
    return _register(actor, organisation, chain, KeySource.DEVELOPMENT, made.key_name, CertificateEvent.ISSUED)


def _register(
    actor: Actor | None,
    organisation: Organisation,
    chain: Sequence[x509.Certificate],
    source: KeySource,
    key_reference: str,
    event: CertificateEvent,
) -> SigningCertificate:
    own = chain[0]
    sha256 = own.sha256.hex()
    if db.session.scalar(select(SigningCertificate.id).where(SigningCertificate.sha256 == sha256)):
        raise Invalid({"": [msg("This certificate is registered already")]})
    made = SigningCertificate(
        organisation=organisation,
        source=source,
        key_reference=key_reference,
        subject=name_of(own.subject),
        issuer=name_of(own.issuer),
        serial=f"{own.serial_number:x}",
        sha256=sha256,
        not_before=own.not_valid_before,
        not_after=own.not_valid_after,
        pem=b"".join(pem.armor("CERTIFICATE", one.dump()) for one in chain).decode(),
        created_by_id=actor.id if actor else None,
        created_at=now(),
    )
    db.session.add(made)
    db.session.flush()
    record(actor, event, made, {"organisation": ("", organisation.name_zh), "not_after": (None, made.not_after)})
    return made


def name_of(name: x509.Name) -> str:
    """A distinguished name, the common name first: 沈阳市…, DEVELOPMENT ONLY – …, CN."""
    parts = [str(value) for value in name.native.values() if isinstance(value, str)]
    return ", ".join(reversed(parts))[:LONGEST_SUBJECT]
