"""Every sentence has Chinese, with the same places to fill; the catalogue holds nothing else."""

import subprocess
import sys

import pytest
from babel.messages import Message
from flask_babel import force_locale, gettext, ngettext

from registry.core.config import ROOT
from registry.core.i18n import BABEL_NAMES
from script.translations import CATALOGUE, extracted, is_complete, placeholders, read

from .sources import unconnected_app

CHINESE = read(CATALOGUE)
SENTENCES = [message for message in extracted() if message.id]


def _known(message: Message) -> Message | None:
    return CHINESE.get(message.id, message.context)


def test_there_are_sentences() -> None:
    assert len(SENTENCES) > 100


def test_every_sentence_has_chinese() -> None:
    missing = []
    for message in SENTENCES:
        known = _known(message)
        if known is None or not is_complete(known):
            missing.append(message.id)
    assert missing == []


def test_the_places_to_fill_are_the_same() -> None:
    different = {}
    for message in SENTENCES:
        known = _known(message)
        if known and is_complete(known) and placeholders(known.string) != placeholders(message.id):
            different[message.id] = known.string
    assert different == {}


def test_nothing_is_uncertain_or_left_over() -> None:
    said = {message.id for message in SENTENCES}
    assert [message.id for message in CHINESE if message.fuzzy and message.id] == []
    assert [message.id for message in CHINESE if message.id and message.id not in said] == []
    assert "#~" not in CATALOGUE.read_text()


def test_the_application_finds_the_catalogue() -> None:
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "--quiet", "compile", "-d", ROOT / "registry/translations"],
        check=True,
    )
    app = unconnected_app()
    message = next(one for one in CHINESE if isinstance(one.id, str) and one.id and not placeholders(one.id))
    with app.test_request_context(), force_locale(BABEL_NAMES["zh"]):
        assert gettext(message.id) == message.string
    with app.test_request_context(), force_locale(BABEL_NAMES["en"]):
        assert gettext(message.id) == message.id


def test_english_counts() -> None:
    with unconnected_app().test_request_context(), force_locale(BABEL_NAMES["en"]):
        assert ngettext("%(num)s day", "%(num)s days", 1) == "1 day"
        assert ngettext("%(num)s day", "%(num)s days", 2) == "2 days"


@pytest.mark.parametrize("message", [one for one in SENTENCES if "%" in str(one.id)], ids=lambda one: str(one.id)[:40])
def test_a_sentence_can_be_filled(message: Message) -> None:
    """A stray % sign would be an error only when the sentence is shown."""
    known = _known(message)
    forms = message.id if isinstance(message.id, tuple | list) else [message.id]
    chinese = known.string if known and known.string else ""
    forms = [*forms, *(chinese if isinstance(chinese, tuple | list) else [chinese])]
    values = dict.fromkeys(placeholders(list(forms)), 1)
    if values:
        assert all(str(form) % values is not None for form in forms)
