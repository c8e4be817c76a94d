"""Every sentence has Chinese, with the same places to fill; the catalogue holds nothing else."""

import subprocess
import sys
from functools import cache

from babel.messages import Catalog, Message
from flask_babel import force_locale, gettext, ngettext

from registry.core.config import ROOT
from registry.core.i18n import BABEL_NAMES
from script.translations import CATALOGUE, extracted, is_complete, placeholders, read

from .sources import unconnected_app


@cache
def _chinese() -> Catalog:
    return read(CATALOGUE)


@cache
def _sentences() -> list[Message]:
    """Read when a test asks, not when tests are counted: every worker counts all of them."""
    return [message for message in extracted() if message.id]


def _known(message: Message) -> Message | None:
    return _chinese().get(message.id, message.context)


def test_there_are_sentences() -> None:
    assert len(_sentences()) > 100


def test_every_sentence_has_chinese() -> None:
    missing = []
    for message in _sentences():
        known = _known(message)
        if known is None or not is_complete(known):
            missing.append(message.id)
    assert missing == []


def test_the_places_to_fill_are_the_same() -> None:
    different = {}
    for message in _sentences():
        known = _known(message)
        if known and is_complete(known) and placeholders(known.string) != placeholders(message.id):
            different[message.id] = known.string
    assert different == {}


def test_nothing_is_uncertain_or_left_over() -> None:
    said = {message.id for message in _sentences()}
    assert [message.id for message in _chinese() if message.fuzzy and message.id] == []
    assert [message.id for message in _chinese() if message.id and message.id not in said] == []
    assert "#~" not in CATALOGUE.read_text()


def test_the_application_finds_the_catalogue() -> None:
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "--quiet", "compile", "-d", ROOT / "registry/translations"],
        check=True,
    )
    app = unconnected_app()
    message = next(one for one in _chinese() if isinstance(one.id, str) and one.id and not placeholders(one.id))
    with app.test_request_context(), force_locale(BABEL_NAMES["zh"]):
        assert gettext(message.id) == message.string
    with app.test_request_context(), force_locale(BABEL_NAMES["en"]):
        assert gettext(message.id) == message.id


def test_english_counts() -> None:
    with unconnected_app().test_request_context(), force_locale(BABEL_NAMES["en"]):
        assert ngettext("%(num)s day", "%(num)s days", 1) == "1 day"
        assert ngettext("%(num)s day", "%(num)s days", 2) == "2 days"


def test_sentences_can_be_filled() -> None:
    """A stray % sign would be an error only when the sentence is shown."""
    wrong = []
    with_places = [one for one in _sentences() if "%" in str(one.id)]
    for message in with_places:
        try:
            _fill(message)
        except (KeyError, TypeError, ValueError) as error:
            wrong.append((message.id, repr(error)))
    assert len(with_places) > 100
    assert wrong == []


def _fill(message: Message) -> None:
    known = _known(message)
    forms = message.id if isinstance(message.id, tuple | list) else [message.id]
    chinese = known.string if known and known.string else ""
    forms = [*forms, *(chinese if isinstance(chinese, tuple | list) else [chinese])]
    values = dict.fromkeys(placeholders(list(forms)), 1)
    if values:
        assert all(str(form) % values is not None for form in forms)
