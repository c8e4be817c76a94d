"""How templates say sentences: `_` and `ngettext` as Jinja has them, with what was said before kept. 页面文案.

A page says several hundred sentences. Most have nothing to fill in, and the rest mostly a number.
"""

from functools import lru_cache

from flask import Flask
from flask_babel import get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from ..i18n import KEPT, asking_in, say, tongue

NUMBERED = 2_000  # sentences with a number in them


def install(app: Flask) -> None:
    """Take the places of what Babel gave the templates."""
    app.jinja_env.globals |= {"_": sentence, "gettext": sentence, "ngettext": number_sentence}


@pass_eval_context
def sentence(context: EvalContext, key: str, /, **values: object) -> str:
    """A sentence in the reader's language. Values are escaped where the template escapes; `%%` is a percent sign."""
    if not context.autoescape:
        return say(key) % values
    return Markup(say(key)) % values if values else _ready(key, tongue())  # noqa: S704 - the code's own sentence


@pass_eval_context
def number_sentence(context: EvalContext, singular: str, plural: str, number: int, /, **values: object) -> str:
    """One of two sentences, as the number wants it; the number is `num` in it."""
    if context.autoescape and not values:
        return _numbered(singular, plural, number, tongue())
    said = _one_of(singular, plural, number)
    return (Markup(said) if context.autoescape else said) % ({"num": number} | values)  # noqa: S704 - as above


@lru_cache(KEPT)
def _ready(key: str, _tongue: str) -> Markup:
    return Markup(say(key)) % {}  # noqa: S704 - as above


@lru_cache(NUMBERED, typed=True)
def _numbered(singular: str, plural: str, number: int, language: str) -> Markup:
    """By the kind of number as well: 2 and 2.00 are equal and written differently."""
    with asking_in(language):
        said = _one_of(singular, plural, number)
    return Markup(said) % {"num": number}  # noqa: S704 - as above


def _one_of(singular: str, plural: str, number: int) -> str:
    return str(get_translations().ungettext(singular, plural, number))
