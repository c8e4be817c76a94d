"""Files for tests, as they stand after they were looked at."""

from io import BytesIO

from PIL import Image

from registry.attachments.intake import Taken
from registry.documents import store
from registry.documents.inspection.kinds import JPEG


def picture(shade: int = 255) -> bytes:
    """A small photo; another shade makes another file."""
    with BytesIO() as target:
        Image.new("L", (40, 60), shade).save(target, "JPEG")
        return target.getvalue()


def taken(name: str = "合影.jpg", data: bytes = b"a photo") -> Taken:
    """One that was looked at and stored, without asking the limited process."""
    return Taken(name, JPEG, 1, store.put(data, JPEG), store.put(b"small", JPEG))
