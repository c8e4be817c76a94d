"""The inspecting process: `python -m registry.documents.inspection.worker`."""

from ..workers.child import Answer, Refused, serve
from ..workers.frames import Frame
from .images import check_image
from .kinds import PDF, media_type
from .pdfs import check_pdf
from .raster import jpeg_size, page_jpegs, preview_pngs

PROCESSOR_SECONDS = 60


def handle(frame: Frame) -> Answer:
    """`inspect` tells type and pages; `pages` gives the pages as JPEG with their sizes.

    `preview` gives the pages of a PDF of our own as PNG.
    """
    (data,) = frame.blobs
    kind = media_type(data)
    if not kind:
        raise Refused("kind")
    if frame.header["work"] == "inspect":
        return {"media_type": kind, "pages": check_pdf(data) if kind == PDF else check_image(data)}, ()
    if frame.header["work"] == "preview":
        return {}, preview_pngs(data)
    jpegs = page_jpegs(data)
    return {"sizes_px": [jpeg_size(jpeg) for jpeg in jpegs]}, jpegs


if __name__ == "__main__":
    serve(handle, PROCESSOR_SECONDS)
