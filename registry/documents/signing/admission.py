"""Whether a certificate may be used to sign here: by the measure of the verdicts on its signatures. 证书准入."""

from collections.abc import Sequence

from asn1crypto import x509
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator.errors import InvalidCertificateError, PathError, ValidationError
from pyhanko_certvalidator.path import ValidationPath

from ...core.dates import now
from ...core.errors import Invalid
from ...core.i18n import Message, msg
from ..places import Places
from .apart import run_apart
from .keys import store_of
from .levels import path_of
from .trust import context, is_listed, revocation_lists

CURVES = ("secp256r1", "secp384r1")
LEAST_RSA_BITS = 2048
WRONG_KIND = msg("The key must be elliptic (P-256 or P-384) or RSA with at least 2048 bits")
WRONG_USE = msg("The certificate is not meant for signatures: its key usage lacks non-repudiation")
NO_CHAIN = msg(
    "The certificate leads to no root that is trusted here: add its root to REGISTRY_TRUSTED_ROOTS, and hand in the "
    "certificates between them in the same file"
)


def admit(
    certificate: x509.Certificate, others: Sequence[x509.Certificate], where: Places, field: str
) -> list[x509.Certificate]:
    """The certificate followed by its issuers up to a trusted root. Raises Invalid for `field`: all that is wrong."""
    wrong = [told for told in (_kind(certificate), _use(certificate), _dates(certificate)) if told]
    if is_listed(certificate, revocation_lists(where)):
        wrong.append(msg("The certificate is on its issuer's revocation list"))
    if wrong:
        raise Invalid({field: wrong})
    judge = context(where)
    try:
        path = run_apart(lambda: path_of(certificate, store_of(list(others)), judge))
    except (PathError, ValidationError) as error:
        raise Invalid({field: [NO_CHAIN]}) from error
    return [certificate, *reversed(_issuers(path))]


def _issuers(path: ValidationPath) -> list[x509.Certificate]:
    """From the root down, without the certificate itself."""
    return [one for one in path.iter_certs(include_root=True) if one != path.leaf]


def _kind(certificate: x509.Certificate) -> Message | None:
    public = certificate.public_key
    if public.algorithm == "ec":
        return None if public.curve[1] in CURVES else WRONG_KIND
    return None if public.algorithm == "rsa" and public.bit_size >= LEAST_RSA_BITS else WRONG_KIND


def _use(certificate: x509.Certificate) -> Message | None:
    try:
        PdfSignatureStatus.default_usage_constraints().validate(certificate)
    except InvalidCertificateError:
        return WRONG_USE
    return msg("This is an authority's certificate, not one to sign with") if certificate.ca else None


def _dates(certificate: x509.Certificate) -> Message | None:
    moment = now()
    if moment > certificate.not_valid_after:
        return msg("The certificate expired on %(day)s", day=certificate.not_valid_after.date())
    if moment < certificate.not_valid_before:
        return msg("The certificate is valid only from %(day)s", day=certificate.not_valid_before.date())
    return None
