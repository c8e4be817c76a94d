"""A party's own signature in the file: PAdES, in the field that the signing copy holds for it. 当事方电子签名.

The file is only added to, never written anew, so that every signature before stays what it was. The first signature
certifies: from then on nothing but further signatures is allowed (ISO 32000-2, 12.8.2.2).
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle

from .apart import run_apart

POINTS_PER_MM = 72 / 25.4
FILLING = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MIN, margins=Margins(0, 0, 0, 0))


@dataclass(frozen=True)
class Look:
    """What the cell shows: text only, never a drawn seal (GB/T 9704 house style; a drawn seal would be a forgery)."""

    organisation: str
    signatory: str
    title: str
    moment: datetime
    certificate: str
    notice: str = ""
    width_mm: float = 70.0
    height_mm: float = 38.0


@dataclass(frozen=True)
class Request:
    """One signature: where, for whom; `look` is a page of PDF with exactly the size of the field, or nothing."""

    field: str
    name: str
    reason: str
    look: bytes = b""


def signed_fields(pdf: bytes) -> tuple[str, ...]:
    """The fields that carry a signature, in the order of signing."""
    return tuple(str(one.field_name) for one in PdfFileReader(BytesIO(pdf)).embedded_signatures)


def free_field(pdf: bytes, wanted: str) -> str:
    """The field to sign: the party's own, or, where that is signed already, a new name after it (Party-1-2, …)."""
    taken = set(signed_fields(pdf))
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def field_size(pdf: bytes, field: str) -> tuple[float, float] | None:
    """Width and height in millimetres of a visible field; None where it is absent or invisible."""
    for name, _value, reference in enumerate_sig_fields(PdfFileReader(BytesIO(pdf))):
        if name == field:
            left, bottom, right, top = (float(side) for side in reference.get_object()["/Rect"])
            size = (abs(right - left) / POINTS_PER_MM, abs(top - bottom) / POINTS_PER_MM)
            return size if all(size) else None
    return None


def sign(pdf: bytes, wanted: Request, signer: Signer, timestamper: TimeStamper | None = None) -> bytes:
    """The file with the signature added: `pdf` is its beginning, byte for byte.

    A field that is not there yet is made invisible: once the file is certified no visible one may be added.
    """
    metadata = PdfSignatureMetadata(
        field_name=wanted.field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=wanted.name,
        reason=wanted.reason,
        certify=not signed_fields(pdf),
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    with TemporaryDirectory() as work:
        signing = PdfSigner(
            metadata,
            signer,
            timestamper=timestamper,
            stamp_style=_stamp(Path(work), wanted.look),
            new_field_spec=SigFieldSpec(wanted.field),
        )
        signed = run_apart(lambda: signing.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))))
    return bytes(signed.getbuffer())


def _stamp(work: Path, look: bytes) -> StaticStampStyle | None:
    """pyHanko imports appearances from files only."""
    if not look:
        return StaticStampStyle(border_width=0)
    page = work / "look.pdf"
    page.write_bytes(look)
    return StaticStampStyle.from_pdf_file(str(page), border_width=0, background_layout=FILLING)
