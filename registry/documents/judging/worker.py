"""The judging process: `python -m registry.documents.judging.worker`."""

from ..workers.child import Answer, serve
from ..workers.frames import Frame
from .checks import judge_pdf

PROCESSOR_SECONDS = 20


def handle(frame: Frame) -> Answer:
    """The file, then as many roots as the header says, then revocation lists."""
    pdf, *certificates = frame.blobs
    roots = frame.header["roots"]
    return judge_pdf(pdf, certificates[:roots], certificates[roots:]), ()


if __name__ == "__main__":
    serve(handle, PROCESSOR_SECONDS)
