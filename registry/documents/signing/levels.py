"""How long a signature can be checked: PAdES baseline levels (ETSI EN 319 142-1), and which can be reached. 签名级别.

`t` adds a time stamp, `lt` embeds certificates and revocation lists, `lta` adds a time stamp over all of it. `lt` takes
a time stamp too where an authority is set, and does without one where none is. Lists are never fetched: where one is
missing for a certificate in question, `lt` and `lta` fall back to `t` (`b` without an authority), which is logged and
told on the page of certificates.
"""

from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import InsufficientRevinfoError, PathError, RevokedError, ValidationError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.registry import CertificateStore

from ...core.i18n import Message, msg
from ..places import Places
from .errors import NoSigningKey, NoTimeStamp
from .trust import context, revocation_lists


class Level(StrEnum):
    """A PAdES baseline level."""

    B = "b"
    T = "t"
    LT = "lt"
    LTA = "lta"

    @property
    def label(self) -> Message:
        """The level for the reader."""
        return LEVEL_LABELS[self]

    @property
    def embeds_lists(self) -> bool:
        """Whether it holds what is needed to check it later."""
        return self in (Level.LT, Level.LTA)


LEVEL_LABELS = {
    Level.B: msg("B-B: the signature alone"),
    Level.T: msg("B-T: with a time stamp"),
    Level.LT: msg("B-LT: with certificates and revocation lists inside"),
    Level.LTA: msg("B-LTA: the same, under an archive time stamp"),
}


@dataclass(frozen=True)
class Outlook:
    """The level that a closing signature reaches, and the certificates whose revocation list is missing."""

    wanted: Level
    reached: Level
    missing: tuple[str, ...] = ()


def wanted_level(where: Places) -> Level:
    """The setting's level, else the highest that the settings allow."""
    return Level(where.signature_level or ("lta" if where.timestamp_url else "lt"))


async def outlook(signer: Signer, stamper: TimeStamper | None, where: Places) -> Outlook:
    """What can be reached with the lists at hand.

    Raises NoSigningKey when the registry's certificate is revoked, NoTimeStamp when the authority is not trusted.
    """
    wanted = wanted_level(where)
    if stamper is not None and wanted is not Level.B:
        await _trusted_stamper(stamper, where)
    if not wanted.embeds_lists:
        return Outlook(wanted, wanted)
    needs = context(where, lists=revocation_lists(where), needs_lists=True)
    missing = await _without_list(signer, stamper, needs)
    if missing:
        return Outlook(wanted, Level.T if where.timestamp_url else Level.B, missing)
    return Outlook(wanted, wanted)


def earlier_certificates(reader: PdfFileReader) -> list[x509.Certificate]:
    """The certificates in the signatures that are there already: signers, and those beside them."""
    found: list[x509.Certificate] = []
    for signature in reader.embedded_signatures:
        found += [signature.signer_cert, *signature.other_embedded_certs]
    return found


async def path_of(certificate: x509.Certificate, others: CertificateStore, judge: ValidationContext) -> ValidationPath:
    """The way from a root to a certificate that may sign. Raises PathError and ValidationError of pyHanko."""
    validator = CertificateValidator(certificate, intermediate_certs=others, validation_context=judge)
    path: ValidationPath = await validator.async_validate_usage(usage_of(certificate))  # type: ignore[no-untyped-call]
    return path


def usage_of(certificate: x509.Certificate) -> set[str]:
    """The key usage that makes it fit to sign: non-repudiation where it says so, else the plain signature."""
    present = certificate.key_usage_value
    named = set(present.native) if present is not None else set()
    return {"digital_signature"} if named and "non_repudiation" not in named else {"non_repudiation"}


async def _trusted_stamper(stamper: TimeStamper, where: Places) -> None:
    try:
        await _judge_stamper(stamper, context(where))
    except (PathError, ValidationError) as error:
        told = msg("The time-stamp authority's certificate leads to no root that is trusted (REGISTRY_TRUSTED_ROOTS)")
        raise NoTimeStamp(told) from error


async def _judge_stamper(stamper: TimeStamper, judge: ValidationContext) -> None:
    """Raises PathError and ValidationError of pyHanko."""
    async for _ in stamper.validation_paths(judge):  # type: ignore[no-untyped-call]  # pyHanko's, untyped
        pass


async def _without_list(signer: Signer, stamper: TimeStamper | None, needs: ValidationContext) -> tuple[str, ...]:
    """Whose chain has no revocation list that is in force, by name."""
    missing = []
    own = signer.signing_cert
    assert own is not None  # noqa: S101 - every signer of ours has a certificate
    try:
        await path_of(own, signer.cert_registry, needs)
    except RevokedError as error:
        raise NoSigningKey(msg("The registry's signing certificate was revoked")) from error
    except InsufficientRevinfoError:
        missing.append(own.subject.human_friendly)
    except (PathError, ValidationError) as error:
        told = msg("The registry's signing certificate cannot be used: it has expired, or leads to no trusted root")
        raise NoSigningKey(told) from error
    if stamper is not None:
        try:
            await _judge_stamper(stamper, needs)
        except (PathError, ValidationError):  # trusted, as was seen before: so it is the list
            missing.append("the time-stamp authority")
    return tuple(missing)
