"""A file as it is after two parties and the registry signed it, with keys of the development authority."""

from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from registry.documents.data import FIELD_PREFIX
from registry.documents.places import places
from registry.documents.signing import _signer, close


def sign_by_all(copy: bytes, parties: int = 2) -> bytes:
    """The first party certifies, the others approve, the registry closes."""
    signed = copy
    for number in range(1, parties + 1):
        signed = _sign(signed, f"{FIELD_PREFIX}{number}", is_first=number == 1)
    return close(signed)


def _sign(pdf: bytes, field: str, *, is_first: bool) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=is_first,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    signer = PdfSigner(metadata, _signer(places()))
    return bytes(signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getbuffer())
