"""PDF/A-3u, as everybody's tests ask for it."""

import re
from io import BytesIO

import page as validator
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

NOT_THE_WHOLE_FILE = "SIGNATURE-BYTERANGE-001"
LENGTH = "STREAM-LENGTH-001"
STREAM = re.compile(rb"/Length (\d+)(?! \d+ R)[^\0]{0,400}?>>\s*stream\r?\n", re.DOTALL)
LATER_ALLOWED = (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING)


def conformance_failures(pdf: bytes) -> list[str]:
    """The rules of PDF/A-3u that the file breaks, each with the validator's words; empty when it conforms.

    The validator wants every signature to cover the whole file, which only the last can. That is ignored where pyHanko
    says that each covers a whole revision and that nothing came after it but signatures, validation data and time
    stamps. It takes a packed stream's own last byte for a part of the line end before `endstream` where that byte is
    one, as one in 128 is by chance; that is ignored where every stream ends exactly where its /Length says.
    """
    report = validator.validate_pdf_bytes(pdf, profile=validator.ValidationProfile.PDF_A_3U)
    told = [f"{one.rule_id}: {one.message}" for one in report.failures]
    if _lengths_are_right(pdf):
        told = [line for line in told if LENGTH not in line]
    signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
    if all(_is_well_covered(one) for one in signatures):
        told = [line for line in told if NOT_THE_WHOLE_FILE not in line]
    return told


def _lengths_are_right(pdf: bytes) -> bool:
    """Whether after so many bytes as each stream's dictionary says there is a line end and `endstream`."""
    found = list(STREAM.finditer(pdf))
    ends = [pdf[one.end() + int(one[1]) :][:11] for one in found]
    return bool(found) and all(end.lstrip(b"\r\n").startswith(b"endstream") and end[:1] in b"\r\n" for end in ends)


def _is_well_covered(signature: EmbeddedPdfSignature) -> bool:
    signature.compute_integrity_info()  # type: ignore[no-untyped-call]  # pyHanko's, untyped
    found = signature.summarise_integrity_info()
    if found["coverage"] is not SignatureCoverageLevel.ENTIRE_REVISION:
        return found["coverage"] is SignatureCoverageLevel.ENTIRE_FILE
    later = found["diff_result"]
    return isinstance(later, DiffResult) and later.modification_level in LATER_ALLOWED
