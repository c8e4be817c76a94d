"""The rendering process: `python -m registry.documents.rendering.worker`, started with FONTCONFIG_FILE set."""

import logging
from datetime import datetime

from ..workers.child import Answer, serve
from ..workers.frames import Frame
from .engine import RECORD_NAME, Engine

PROCESSOR_SECONDS = 60


class Work:
    """Makes the engine with the first message, so that what is wrong with it reaches the parent as an answer."""

    def __init__(self) -> None:
        self.engine: Engine | None = None

    def __call__(self, frame: Frame) -> Answer:
        """Render one document."""
        self.engine = self.engine or Engine()
        header = frame.header
        record, *assets = frame.blobs
        pdf = self.engine.render(
            header["html"],
            header["identifier"],
            datetime.fromisoformat(header["made_at"]),
            record,
            {str(number): data for number, data in enumerate(assets)},
            header.get("page_code", ""),
            header.get("record_name", RECORD_NAME),
        )
        return {}, [pdf]


if __name__ == "__main__":
    logging.getLogger("weasyprint").propagate = False
    serve(Work(), PROCESSOR_SECONDS)
