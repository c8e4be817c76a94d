"""Whom a signature can be traced to, and since when a certificate is revoked. 信任与吊销."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asn1crypto import crl, x509
from pyhanko_certvalidator import ValidationContext

LONGEST_TEXT = 200  # of what a file says
DEVELOPMENT = "DEVELOPMENT"  # in the subjects of all development certificates


@dataclass(frozen=True)
class Trust:
    """Roots (DER) that are believed, revocation lists (DER), and what a table knows as revoked by SHA-256 of the DER.

    `now` is the moment of judging. Nothing is ever fetched.
    """

    roots: tuple[bytes, ...]
    lists: tuple[bytes, ...] = ()
    revoked: Mapping[str, datetime] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def context(self, moment: datetime | None = None) -> ValidationContext:
        """What pyHanko validates a chain with, as of a moment."""
        roots = [x509.Certificate.load(der) for der in self.roots]
        return ValidationContext(trust_roots=roots, allow_fetching=False, moment=moment or self.now)

    def revoked_since(self, chain: Iterable[x509.Certificate]) -> datetime | None:
        """The earliest moment since when a certificate of the chain is revoked; None for a chain that is not.

        pyHanko itself looks only where a certificate says where to fetch a list.
        """
        found = [moment for one in chain for moment in self._revocations(one)]
        return min(found, default=None)

    def _revocations(self, certificate: x509.Certificate) -> Iterable[datetime]:
        known = self.revoked.get(hashlib.sha256(certificate.dump()).hexdigest())
        if known:
            yield known
        for der in self.lists:
            listed = crl.CertificateList.load(der)
            if listed.issuer != certificate.issuer:
                continue
            for row in listed["tbs_cert_list"]["revoked_certificates"]:
                if row["user_certificate"].native == certificate.serial_number:
                    yield row["revocation_date"].native


def is_within(certificate: x509.Certificate, moment: datetime) -> bool:
    """Whether the moment lies in the certificate's validity."""
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)


def certificate_facts(certificate: x509.Certificate) -> dict[str, Any]:
    """What a reader is told of a certificate, as JSON takes it."""
    subject = certificate.subject.native
    return {
        "organisation": _text(subject.get("organization_name", "")),
        "name": _text(subject.get("common_name", "")),
        "issuer": ", ".join(_text(value) for value in reversed(certificate.issuer.native.values()))[:LONGEST_TEXT],
        "serial": f"{certificate.serial_number:x}"[:LONGEST_TEXT],
        "not_before": certificate.not_valid_before.isoformat(),
        "not_after": certificate.not_valid_after.isoformat(),
        "sha256": hashlib.sha256(certificate.dump()).hexdigest(),
        "development": DEVELOPMENT in certificate.subject.human_friendly,
    }


def _text(value: Any) -> str:
    """A name of a subject; where it stands more than once, all of them."""
    return ("，".join(str(one) for one in value) if isinstance(value, list) else str(value))[:LONGEST_TEXT]
