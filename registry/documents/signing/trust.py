"""Which roots are believed and which certificates are revoked, from files: nothing is fetched. 信任与吊销."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from asn1crypto import crl, pem, x509
from pyhanko_certvalidator import ValidationContext

from ..places import Places
from .own import own_issuers

log = logging.getLogger(__name__)


def trusted_roots(where: Places) -> list[bytes]:
    """The roots (DER) whose signatures the registry believes: the site's own, in demo mode the development root."""
    found: list[bytes] = []
    if where.signing_pkcs12:
        found += [certificate.dump() for certificate in own_issuers(where)]
    for path in (where.trusted_roots, where.keys / "root.crt" if where.demo else None):
        for file in _files(path):
            found += [der for _, _, der in pem.unarmor(file.read_bytes(), multiple=True)]
    return [der for der in found if x509.Certificate.load(der).ca]


def revocation_lists(where: Places) -> list[bytes]:
    """Revocation lists (DER) of the `*.crl` files beside the keys, written as PEM or as DER."""
    files = sorted(where.keys.glob("*.crl")) if where.keys.exists() else []
    return [der for path in files for der in _lists(path)]


def lists_of(certificates: Iterable[x509.Certificate], lists: Sequence[bytes]) -> list[bytes]:
    """The lists that the issuers of these certificates signed."""
    names = {certificate.issuer.dump() for certificate in certificates}
    return [der for der in lists if crl.CertificateList.load(der).issuer.dump() in names]


def is_listed(certificate: x509.Certificate, lists: Sequence[bytes]) -> bool:
    """Whether one of the lists revokes the certificate."""
    for der in lists:
        listed = crl.CertificateList.load(der)
        if listed.issuer == certificate.issuer and certificate.serial_number in _serials(listed):
            return True
    return False


def context(where: Places, *, lists: Sequence[bytes] = (), needs_lists: bool = False) -> ValidationContext:
    """What pyHanko judges certificates with: our roots, these lists, nothing fetched."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trusted_roots(where)],
        crls=list(lists),
        allow_fetching=False,
        revocation_mode="require" if needs_lists else "soft-fail",
    )


def _serials(listed: crl.CertificateList) -> set[int]:
    return {row["user_certificate"].native for row in listed["tbs_cert_list"]["revoked_certificates"]}


def _files(path: Path | None) -> list[Path]:
    """The file, or those of the folder."""
    if path is None or not path.exists():
        return []
    return sorted(file for file in path.iterdir() if file.suffix in (".pem", ".crt")) if path.is_dir() else [path]


def _lists(path: Path) -> Iterator[bytes]:
    """A file that is no list is named in the log and passed over: it must not stop every signature."""
    data = path.read_bytes()
    try:
        found = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        for der in found:
            crl.CertificateList.load(der, strict=True).issuer.dump()
    except ValueError:
        log.warning("%s holds no revocation list and is passed over", path.name)
        return
    yield from found
