"""Outside → what is typed beside the files. Names are long, since these forms stand on pages of other packages."""

from ..core.web.schema import InputSchema, LongText, Text

CAPTION_LIMIT = 400
REASON_LIMIT = 1_000


class CaptionSchema(InputSchema):
    """What the files of one sending show."""

    attachment_caption = Text(CAPTION_LIMIT, load_default="")


class ReasonSchema(InputSchema):
    """Why one is removed; the service says that it may not be empty."""

    reason = LongText(REASON_LIMIT, load_default="")
