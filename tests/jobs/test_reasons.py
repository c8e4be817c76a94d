"""Reasons are kept once and told to each reader in their language."""

from flask import Flask

from registry.core.errors import Conflict, Invalid
from registry.core.i18n import Either, Message, msg, speaking
from registry.core.masks import masked
from registry.jobs import reasons


def test_a_reason_comes_back_in_the_readers_language(app: Flask) -> None:
    kept = reasons.written(msg("%(part)s: %(told)s", part=Either("序言", "Preamble"), told=msg("Failed")))
    back = reasons.read(kept)
    with app.test_request_context(), speaking("zh"):
        assert str(back) == "序言：失败"
    assert isinstance(back, Message)
    assert back.english == "Preamble: Failed"


def test_other_text_stays_as_it_is() -> None:
    for text in ("", "ValueError: x", "{}", "[1]", '{"say": 1}', "[" * 50_000):
        assert reasons.read(text) == text


def test_what_is_too_long_is_kept_in_english() -> None:
    kept = reasons.written(msg("%(text)s", text="x" * 5_000))
    assert kept == "x" * reasons.LONGEST


def test_no_phone_number_is_kept() -> None:
    assert "13800138000" not in reasons.written(msg("%(text)s", text="call 13800138000"), masked)


def test_a_refused_input_tells_its_first_reason() -> None:
    assert reasons.of(Invalid({"file": [msg("Choose a file")]})).english == "Choose a file"
    assert reasons.of(Invalid({"file": ["as it is"]})).english == "as it is"
    assert reasons.of(Conflict()).english == Conflict.title.english
