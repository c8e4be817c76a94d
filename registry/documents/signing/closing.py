"""The registry's own signature under a file, after which nothing may change. 登记系统签章."""

import logging
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    enumerate_sig_fields,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper

from ..data import CLOSING_FIELD
from ..places import Places, places
from .apart import run_apart
from .levels import Level, Outlook, earlier_certificates, outlook, usage_of
from .own import own_signer
from .timestamps import timestamper
from .trust import context, lists_of, revocation_lists

REASON = "Closed by the registry / 登记系统封存"
ARCHIVE_FIELD = "RegistryTimestamp"
# Validation data goes in before the signature, not after: the closing signature then covers the whole file, and only
# the archive time stamp of B-LTA comes later. That rules out per-signature tables (VRI), which are optional.
VALIDATION_DATA = DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE)
log = logging.getLogger(__name__)
# That nothing is fetched is meant so: it needs no warning with every file.
logging.getLogger("pyhanko.sign.signers.pdf_signer").addFilter(lambda line: "fetching is not allowed" not in line.msg)


@dataclass(frozen=True)
class _Means:
    """What a file is closed with."""

    signer: Signer
    stamper: TimeStamper | None
    where: Places


def close(pdf: bytes) -> bytes:
    """Add the registry's signature in incremental updates and forbid every further change.

    The level is the setting's, or the highest below it that the revocation lists at hand allow (see `levels`).
    Raises NoSigningKey, NoTimeStamp.
    """
    where = places()
    means = _Means(own_signer(where), timestamper(), where)
    return run_apart(lambda: _closed(pdf, means))


def closing_outlook() -> Outlook:
    """The level that the next file would be closed with; no time-stamp authority is asked. Raises NoSigningKey."""
    where = places()
    return run_apart(lambda: outlook(own_signer(where), None, where))


async def _closed(pdf: bytes, means: _Means) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    reached = await outlook(means.signer, means.stamper, means.where)
    if reached.missing:
        log.warning(
            "closed at level %s instead of %s: no revocation list for %s",
            reached.reached,
            reached.wanted,
            "; ".join(reached.missing),
        )
    is_first = not writer.prev.embedded_regular_signatures
    signer = PdfSigner(
        _metadata(means, reached.reached, writer.prev, is_first=is_first),
        means.signer,
        timestamper=None if reached.reached is Level.B else means.stamper,
        new_field_spec=None if _has_field(writer.prev) else _field(is_first=is_first),
    )
    signed = await signer.async_sign_pdf(writer)
    return bytes(signed.getbuffer())


def _metadata(means: _Means, level: Level, reader: PdfFileReader, *, is_first: bool) -> PdfSignatureMetadata:
    own = means.signer.signing_cert
    validation: dict[str, Any] = {}
    if level.embeds_lists:
        lists = lists_of(_concerned(means, reader), revocation_lists(means.where))
        validation = {
            "embed_validation_info": True,
            "use_pades_lta": level is Level.LTA,
            "validation_context": context(means.where, lists=lists),
            "dss_settings": VALIDATION_DATA,
            "signer_key_usage": usage_of(own),
            "timestamp_field_name": ARCHIVE_FIELD,
        }
    return PdfSignatureMetadata(
        field_name=CLOSING_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=REASON,
        certify=is_first,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        **validation,
    )


def _concerned(means: _Means, reader: PdfFileReader) -> list[x509.Certificate]:
    """Whose lists belong into the file: the registry's, the authority's, and those of everybody who signed before."""
    stamping = means.stamper.cert_registry if means.stamper else ()
    return [means.signer.signing_cert, *means.signer.cert_registry, *stamping, *earlier_certificates(reader)]


def _has_field(reader: PdfFileReader) -> bool:
    return any(name == CLOSING_FIELD for name, _, _ in enumerate_sig_fields(reader))


def _field(*, is_first: bool) -> SigFieldSpec:
    """Readers ignore NO_CHANGES of a later signature unless it locks all fields as well."""
    return SigFieldSpec(
        CLOSING_FIELD,
        field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
        doc_mdp_update_value=None if is_first else MDPPerm.NO_CHANGES,
    )
