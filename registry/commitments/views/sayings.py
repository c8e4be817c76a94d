"""Words that the registry itself wrote, for the reader: why a promise ended, how often it was agreed. 系统用语."""

from markupsafe import Markup

from ...agreements.models import ClosureOutcome
from ...agreements.texts.rendering import PERIODS_EN
from ...core.i18n import Message, msg
from ...core.web.words import in_words
from ..services import following, making, spreading

REASONS: dict[str, Message] = {
    making.AMENDED: msg("An amendment no longer asks for it"),
    spreading.SHORTENED: msg("The term of the agreement was changed"),
    following.OUTCOMES[ClosureOutcome.COMPLETED]: msg("The agreement was fulfilled"),
    following.OUTCOMES[ClosureOutcome.EXPIRED]: msg("The agreement expired"),
    following.OUTCOMES[ClosureOutcome.SUPERSEDED]: msg("The agreement was renewed"),
    following.OUTCOMES[ClosureOutcome.TERMINATED]: msg("The agreement was terminated"),
}


def reason(text: str) -> Message | str:
    """A reason as it was typed; one of the registry's own in the reader's language."""
    return REASONS.get(text, text)


def rhythm(text: str) -> Markup | str:
    """The period as the text has it; the usual words in English too."""
    return in_words(text, PERIODS_EN.get(text, "")) if text else ""
