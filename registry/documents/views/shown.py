"""Certificates as the pages show them."""

from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from ...core.dates import now
from ...core.i18n import Message
from .. import signing
from ..models import SigningCertificate
from ..places import places
from ..services import name_of
from ..signing.keys import chain_of
from ..signing.levels import Outlook
from ..signing.own import own_signer
from ..states import CertificateState, state_of

NAMES = {"ec": "EC", "rsa": "RSA"}
CURVES = {"secp256r1": "P-256", "secp384r1": "P-384"}


@dataclass(frozen=True)
class Shown:
    """One certificate of a chain."""

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    key: str
    sha256: str

    revoked_at: None = None

    @property
    def fingerprint(self) -> str:
        """The SHA-256 digest in groups, so that it can be compared and can break into lines."""
        return " ".join(self.sha256[place : place + 4] for place in range(0, 64, 4))

    @property
    def state(self) -> CertificateState:
        """By its dates alone."""
        return state_of(self, now())


@dataclass(frozen=True)
class Own:
    """The registry's own certificate and the level of its signatures, or why there is none."""

    certificate: Shown | None = None
    outlook: Outlook | None = None
    refusal: Message | None = None


def own_certificate() -> Own:
    """What the registry closes files with."""
    try:
        certificate = _shown(own_signer(places()).signing_cert)
    except signing.NoSigningKey as error:
        return Own(refusal=error.message)
    try:
        return Own(certificate, signing.closing_outlook())
    except signing.NoSigningKey as error:
        return Own(certificate, refusal=error.message)


def chain(certificate: SigningCertificate) -> list[Shown]:
    """The certificate, then its issuers."""
    return [_shown(one) for one in chain_of(certificate.pem)]


def _shown(one: x509.Certificate) -> Shown:
    public = one.public_key
    size = CURVES.get(public.curve[1], public.curve[1]) if public.algorithm == "ec" else public.bit_size
    return Shown(
        subject=name_of(one.subject),
        issuer=name_of(one.issuer),
        serial=f"{one.serial_number:x}",
        not_before=one.not_valid_before,
        not_after=one.not_valid_after,
        key=f"{NAMES.get(public.algorithm, public.algorithm)} {size}",
        sha256=one.sha256.hex(),
    )
