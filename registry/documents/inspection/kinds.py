"""Which files are taken, told by their content."""

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"%PDF-", PDF),
)
ENDINGS = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), TIFF: (".tif", ".tiff")}
LARGEST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 200
MOST_PIXELS = 80_000_000  # A3 at 600 dpi has 70 million
LONGEST_SIDE = 20_000


def media_type(data: bytes) -> str:
    """The media type that the first bytes tell, or "" for anything that is not taken."""
    return next((kind for beginning, kind in BEGINNINGS if data.startswith(beginning)), "")
