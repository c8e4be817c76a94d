"""Everything that is needed to check a signed agreement without this registry, in one archive. 核验包.

The same data make the same bytes: names in order, one date, no compression that could differ.
"""

import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader

from .html import how_to_verify_html
from .store import sm3

FIRST_ZIP_YEAR = 1980
HOW_TO = "如何核验-HOW-TO-VERIFY.html"
SUMS = "SHA256SUMS"
MODE = 0o644 << 16


@dataclass(frozen=True)
class PackedFile:
    """A file of the archive by its name there."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Its digest."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def sm3(self) -> str:
        """Its SM3 digest, empty where the system has none."""
        return sm3(self.data)


@dataclass(frozen=True)
class PackedCertificate:
    """A certificate (DER) by what it is for."""

    name: str
    der: bytes

    @property
    def subject(self) -> str:
        """Whose it is."""
        return str(x509.Certificate.load(self.der).subject.human_friendly)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the DER in pairs, as tools print it."""
        digits = hashlib.sha256(self.der).hexdigest().upper()
        return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))


@dataclass(frozen=True)
class PackageData:
    """What goes in: signed files, the record with its schema, roots, the registry's certificate, revocation lists."""

    number: str
    title: str
    url: str
    made_at: datetime
    files: tuple[PackedFile, ...]
    record: bytes
    schema: bytes
    roots: Sequence[bytes] = ()
    lists: Sequence[bytes] = ()
    certificate: bytes = b""

    @property
    def trusted(self) -> tuple[PackedCertificate, ...]:
        """The roots by their names in the archive."""
        return tuple(PackedCertificate(f"trust/root-{place}.pem", der) for place, der in enumerate(self.roots, start=1))

    @property
    def registry(self) -> PackedCertificate | None:
        """The registry's own certificate."""
        return PackedCertificate("trust/registry.pem", self.certificate) if self.certificate else None


def package(data: PackageData) -> bytes:
    """The archive; the same bytes for the same data."""
    members = sorted(_members(data), key=lambda one: one.name)
    sums = "".join(f"{one.sha256}  {one.name}\n" for one in members).encode()
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for one in [*members, PackedFile(SUMS, sums)]:
            archive.writestr(entry_of(one.name, data.made_at), one.data)
    return target.getvalue()


def closing_certificate(pdf: bytes) -> bytes:
    """The certificate (DER) of the last signature of a file that the registry closed itself; b"" without one."""
    signed = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return bytes(signed[-1].signer_cert.dump()) if signed else b""


def _members(data: PackageData) -> Iterator[PackedFile]:
    yield from data.files
    yield PackedFile("agreement.json", data.record)
    yield PackedFile("agreement-record-1.json", data.schema)
    yield PackedFile(HOW_TO, how_to_verify_html(data).encode())
    for one in (*data.trusted, *([data.registry] if data.registry else ())):
        yield PackedFile(one.name, pem.armor("CERTIFICATE", one.der))
    for place, der in enumerate(data.lists, start=1):
        yield PackedFile(f"trust/revoked-{place}.pem", pem.armor("X509 CRL", der))


def entry_of(name: str, moment: datetime) -> zipfile.ZipInfo:
    """A member of a ZIP that is the same wherever it is made."""
    year, month, day, hour, minute, second, *_ = moment.timetuple()
    entry = zipfile.ZipInfo(name, (max(year, FIRST_ZIP_YEAR), month, day, hour, minute, second))
    entry.create_system, entry.external_attr = 3, MODE  # as on Unix, wherever it is made
    return entry
