"""One rule for all text that comes in: form, API and spreadsheet alike. 文本规范化."""

import re
import unicodedata

from .i18n import Message, msg

LINE = 200
FIELD = 5_000
# Directional marks and zero-width characters make two names look alike; tabs and line ends stay in long fields.
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
SECRECY_MARKING = re.compile(r"(绝密|机密|秘密)\s*★")


class BadText(ValueError):
    """Text that cannot be taken, with the reason for the reader."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.key)
        self.message = message


def clean(value: str, limit: int = LINE, *, multiline: bool = False) -> str:
    """Text in NFC without invisible characters and outer blanks.

    Raises BadText for NUL, lone surrogates, secrecy markings (保密法: classified text has no place here) and text
    that is longer than `limit` characters.
    """
    if UNSTORABLE.search(value):
        raise BadText(msg("This text contains characters that cannot be stored"))
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", value))
    text = text.replace("\r\n", "\n").replace("\r", "\n") if multiline else " ".join(text.split(" "))
    text = text.strip()
    if len(text) > limit:
        raise BadText(msg("At most %(limit)s characters; these are %(length)s", limit=limit, length=len(text)))
    if SECRECY_MARKING.search(text):
        raise BadText(msg("Classified content must not be entered, stored or sent here"))
    return text
