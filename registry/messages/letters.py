"""What a message looks like outside: a letter of plain values, and the e-mail made of one or several. 信件."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..core.i18n import DEFAULT_LANGUAGE, msg, speaking

SIGNATURE = msg("School–Locality Agreement Registry")
PREFERENCES = "/account/messages"


@dataclass(frozen=True)
class Letter:
    """A message as it is sent: both languages, and where it leads (empty: nowhere)."""

    key: str
    topic: str
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    address: str
    created_at: datetime
    subject_kind: str = ""
    subject_public_id: str = ""

    def title(self, language: str) -> str:
        """In the language, where there is a text in it."""
        return self.title_en if language == "en" and self.title_en else self.title_zh

    def body(self, language: str) -> str:
        """In the language, where there is a text in it."""
        return self.body_en if language == "en" and self.body_en else self.body_zh


def one_mail(letters: Sequence[Letter], language: str, public_url: str) -> tuple[str, str]:
    """Subject and text of an e-mail with one message."""
    letter = letters[0]
    parts = [letter.title(language), letter.body(language), letter.address]
    return letter.title(language), _with_foot([part for part in parts if part], language, public_url)


def many_mail(letters: Sequence[Letter], language: str, public_url: str) -> tuple[str, str]:
    """Subject and text of the day's e-mail."""
    blocks = ["\n".join(_block(number, one, language)) for number, one in enumerate(letters, 1)]
    with speaking(language):
        subject = str(msg("%(count)s messages of the registry", count=len(letters)))
    return subject, _with_foot(blocks, language, public_url)


def code_mail(code: str, minutes: int, language: str) -> tuple[str, str]:
    """Subject and text of the e-mail that proves an address; it says nothing of what the registry holds."""
    with speaking(language):
        lines = (
            msg("Your code: %(code)s", code=code),
            msg("Enter it on the page where you gave this address, within %(minutes)s minutes.", minutes=minutes),
            msg("If you did not ask for it, do nothing: nothing else is sent to this address."),
        )
        text = "\n\n".join([*map(str, lines), f"-- \n{SIGNATURE}"])
        return str(msg("Your code for the registry")), f"{text}\n"


def language_of(chosen: str) -> str:
    """The person's language, else the usual one."""
    return chosen or DEFAULT_LANGUAGE


def _block(number: int, letter: Letter, language: str) -> list[str]:
    parts = [f"{number}. {letter.title(language)}", letter.body(language), letter.address]
    return [part for part in parts if part]


def _with_foot(blocks: Sequence[str], language: str, public_url: str) -> str:
    with speaking(language):
        address = f"{public_url}{PREFERENCES}"
        stop = msg("You chose to be told by e-mail. Change what you are told here: %(address)s", address=address)
        return "\n\n".join([*blocks, f"-- \n{SIGNATURE}\n{stop}"]) + "\n"
