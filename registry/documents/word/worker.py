"""The process that fills Word templates: `python -m registry.documents.word.worker`."""

import json
from collections.abc import Mapping
from typing import Any

from ..workers.child import Answer, serve
from ..workers.frames import Frame
from .filling import fill
from .house import house_template

PROCESSOR_SECONDS = 20


def handle(frame: Frame) -> Answer:
    """Fill a template, or make the house's own of a layout."""
    header: Mapping[str, Any] = frame.header
    if header["work"] == "house":
        return {}, [house_template(json.loads(frame.blobs[0]))]
    template, values, *pictures = frame.blobs
    named = dict(zip(header["pictures"], pictures, strict=True))
    return {}, [fill(template, json.loads(values), named)]


if __name__ == "__main__":
    serve(handle, PROCESSOR_SECONDS)
