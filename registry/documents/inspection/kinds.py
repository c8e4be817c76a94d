"""Which files are taken, told by their content."""

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
OFD = "application/ofd"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX, PPTX = (
    f"{OFFICE}{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
ZIP_BEGINNING = b"PK\x03\x04"
BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"%PDF-", PDF),
)
ENDINGS = {
    PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), TIFF: (".tif", ".tiff"), OFD: (".ofd",),
    DOCX: (".docx",), XLSX: (".xlsx",), PPTX: (".pptx",),
}  # fmt: skip
LARGEST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 200
MOST_PIXELS = 80_000_000  # A3 at 600 dpi has 70 million
LONGEST_SIDE = 20_000


def media_type(data: bytes) -> str:
    """The media type that the first bytes tell, or "" for anything that is not taken."""
    return next((kind for beginning, kind in BEGINNINGS if data.startswith(beginning)), "")


def sealed_type(data: bytes) -> str:
    """PDF or OFD, the kinds that electronic-seal systems hand out; "" for anything else. Other ZIPs fail later."""
    return OFD if data.startswith(ZIP_BEGINNING) else PDF if media_type(data) == PDF else ""
