"""The judging process: `python -m registry.documents.judging.worker`."""

from datetime import datetime

from ..workers.child import Answer, serve
from ..workers.frames import Frame
from .checks import judge_pdf
from .trusting import Trust

PROCESSOR_SECONDS = 20


def handle(frame: Frame) -> Answer:
    """The file, then as many roots as the header says, then revocation lists."""
    pdf, *certificates = frame.blobs
    roots = frame.header["roots"]
    revoked = {digest: datetime.fromisoformat(moment) for digest, moment in frame.header["revoked"].items()}
    now = datetime.fromisoformat(frame.header["now"])
    return judge_pdf(pdf, Trust(tuple(certificates[:roots]), tuple(certificates[roots:]), revoked, now))


if __name__ == "__main__":
    serve(handle, PROCESSOR_SECONDS)
