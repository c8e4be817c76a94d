"""Files beside a ceremony and a visit, drawn here, marked 演示 by name: no photo of anybody. 演示附件。"""

from io import BytesIO

from PIL import Image, ImageDraw

from ..accounts.models import User
from ..agreements.models import SigningEvent
from ..attachments import intake, services
from ..attachments.models import Attachment
from ..core.db import transaction
from ..visits.models import Visit

SIZE = (1200, 800)
FLOOR, STAGE, TABLE, SEAT = "#f4f6fb", "#c9d8f0", "#8fb0e3", "#dfe5f0"
SEATS = 12
CAPTION, TALK = "演示：会场与签约台布置", "演示：座谈现场示意"


def attach_papers(event: SigningEvent, people: dict[str, User]) -> list[Attachment]:
    """A picture of the hall and a PDF of two pages, by the host's handler."""
    hall, table = _hall(), _table()
    files = (("演示-会场布置图.png", _saved("PNG", hall)), ("演示-签约台布置.pdf", _saved("PDF", table, hall)))
    looked = intake.look(files)
    with transaction():
        added, _refused = services.add("event", event, looked.taken, people["anshan.handler"], CAPTION)
    return added


def attach_photos(visit: Visit, handler: User) -> list[Attachment]:
    """Two pictures beside a visit, by who keeps it."""
    looked = intake.look(
        (("演示-座谈会场.jpg", _saved("JPEG", _hall())), ("演示-座谈桌.jpg", _saved("JPEG", _table())))
    )
    with transaction():
        added, _refused = services.add(Visit.kind_code, visit, looked.taken, handler, TALK)
    return added


def _hall() -> Image.Image:
    """The stage with its table in front of rows of seats."""
    image = Image.new("RGB", SIZE, FLOOR)
    draw = ImageDraw.Draw(image)
    draw.rectangle((150, 60, 1050, 260), fill=STAGE, outline="black", width=3)
    draw.rectangle((400, 180, 800, 230), fill=TABLE, outline="black", width=2)
    for row in range(4):
        for seat in range(SEATS):
            left, top = 170 + seat * 74, 360 + row * 96
            draw.rectangle((left, top, left + 48, top + 48), fill=SEAT, outline="black", width=2)
    return image


def _table() -> Image.Image:
    """The table from above: two folders, two pens."""
    image = Image.new("RGB", SIZE, FLOOR)
    draw = ImageDraw.Draw(image)
    draw.rectangle((150, 250, 1050, 550), fill=TABLE, outline="black", width=3)
    for left in (300, 660):
        draw.rectangle((left, 310, left + 240, 480), fill="white", outline="black", width=2)
        draw.line((left + 260, 320, left + 290, 470), fill="black", width=6)
    return image


def _saved(kind: str, *pages: Image.Image) -> bytes:
    more = {"save_all": True, "append_images": pages[1:]} if len(pages) > 1 else {}
    with BytesIO() as target:
        pages[0].save(target, kind, **more)
        return target.getvalue()
