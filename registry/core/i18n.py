"""Two languages: messages that know how to say themselves, and the reader's language.

English sentences are the keys of the gettext catalogue; `translations/zh` holds the Chinese. `msg` marks a sentence
where no request is at hand (services, policies, enums); it is translated when it is shown.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from flask_babel import force_locale, get_locale, gettext
from markupsafe import Markup, escape

LANGUAGES = {"zh": "中文", "en": "English"}
DEFAULT_LANGUAGE = "zh"
BABEL_NAMES = {"zh": "zh_Hans_CN", "en": "en"}
KEPT = 20_000  # sentences, some three times what the code says in two languages


_spoken: ContextVar[str] = ContextVar("spoken", default="")


def tongue() -> str:
    """The language that is spoken just now: the reader's, or that of `speaking`; "" where no application is at hand."""
    return _spoken.get() or _asked()


def remember(language: str) -> None:
    """Spare Babel the question until further notice, which has to come before somebody else reads; "" forgets."""
    _spoken.set(language)


def _asked() -> str:
    locale = get_locale()
    return str(locale.language) if locale else ""


def say(sentence: str) -> str:
    """A sentence of the code in the language spoken just now, with its places unfilled."""
    return _said(sentence, tongue())


@lru_cache(KEPT)
def _said(sentence: str, language: str) -> str:
    """What the catalogue has for it, looked up once: pages say the same hundreds of times."""
    with asking_in(language):
        return str(gettext(sentence))


def asking_in(language: str) -> AbstractContextManager[None]:
    """Have Babel asked in a language by its name: what is kept under it must not depend on what Babel would choose."""
    return force_locale(BABEL_NAMES[language]) if language else nullcontext()


@dataclass(frozen=True)
class Message:
    """A sentence and what goes into it; `str()` says it in the reader's language."""

    key: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Translate now."""
        values = {name: str(value) if isinstance(value, Message) else value for name, value in self.values.items()}
        said = say(self.key)
        return said % values if values else said

    @property
    def english(self) -> str:
        """The sentence as it stands in the code, for records and logs, which must not depend on a reader."""
        values = {name: value.english if isinstance(value, Message) else value for name, value in self.values.items()}
        return self.key % values if values else self.key

    def __html__(self) -> Markup:
        """Jinja escapes the translated sentence like any other text."""
        return escape(str(self))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say messages in a language whoever reads: for papers, which have a language of their own."""
    with force_locale(BABEL_NAMES[language]):
        before = _spoken.set(_asked())
        try:
            yield
        finally:
            _spoken.reset(before)


def msg(key: str, **values: Any) -> Message:
    """Mark a sentence for translation; values fill its %(name)s places."""
    return Message(key, values)


@dataclass(frozen=True, init=False)
class Either(Message):
    """Data that is named in both languages itself, so that the catalogue has no say; Chinese where English is empty."""

    zh: str = ""

    def __init__(self, zh: str, en: str) -> None:
        object.__setattr__(self, "key", en or zh)
        object.__setattr__(self, "values", {})
        object.__setattr__(self, "zh", zh)

    def __str__(self) -> str:
        """The name in the reader's language."""
        return self.zh if tongue() == "zh" else self.key
