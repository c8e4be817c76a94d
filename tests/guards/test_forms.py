"""Every form that changes something carries the CSRF token and the nonce that makes a second click harmless."""

import re

import pytest

from registry.core.web import icons

from .sources import templates

FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL | re.IGNORECASE)
ICON = re.compile(r"\bicon(?:_name=|\()\s*\"([a-z0-9-]+)\"")
# Switching the language and signing out are the same when done twice.
SAME_TWICE = re.compile(r"url_for\(['\"](shell\.language|accounts\.sign_out)['\"]\)")

FORMS = [(name, form) for name, text in templates().items() for form in FORM.findall(text)]


def test_there_are_forms() -> None:
    assert len(FORMS) >= 4


@pytest.mark.parametrize(("name", "form"), FORMS, ids=[f"{name}:{number}" for number, (name, _) in enumerate(FORMS)])
def test_a_form_carries_its_tokens(name: str, form: str) -> None:
    assert "form_token(" in form or (SAME_TWICE.search(form) and "csrf_token()" in form), name


def test_every_icon_is_in_the_sprite() -> None:
    used = {found for text in templates().values() for found in ICON.findall(text)}
    assert used - icons.NAMES == set()
    assert "{" not in icons.sprite()
