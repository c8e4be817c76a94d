"""What templates say is what Babel would have them say, in whatever language is spoken at the moment."""

import json
from decimal import Decimal

import pytest
from flask_babel import get_translations
from jinja2 import Environment

from registry.core.i18n import Either, _said, msg, say, speaking, tongue
from registry.core.web.sentences import _numbered, _ready
from registry.core.web.texts import script_texts
from tests.guards.sources import unconnected_app

SAID = (
    '{{ _("Overview") }}',
    '{{ _("never heard of: %(name)s, 5 %%", name="<b>") }}',
    '{{ _("never heard of, 5 %%") }}',
    '{{ _("Data as of %(day)s", day=day) }}',
    '{{ ngettext("%(num)s more university", "%(num)s more universities", 1) }}',
    '{{ ngettext("%(num)s more university", "%(num)s more universities", 2) }}',
    '{{ ngettext("%(num)s of <%(name)s>", "%(num)s of <%(name)s>s", 2, name="&") }}',
    '{{ _("<b>never</b> heard of") }}',
    "{% for one in [1] %}{% set two = one %}{{ _('Overview') }}{% endfor %}",
    "{% autoescape false %}{{ _('%(name)s and <b>', name='<i>') }}{{ _('5 %%') }}{% endautoescape %}",
    "{% autoescape false %}{{ ngettext('<b>', '<i>', 2) }}{% endautoescape %}",
)


@pytest.fixture
def own() -> Environment:
    """Jinja as Babel sets it up."""
    made = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    made.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        lambda one: get_translations().ugettext(one),
        lambda one, many, number: get_translations().ungettext(one, many, number),
        newstyle=True,
    )
    return made


@pytest.mark.parametrize("template", SAID)
def test_templates_say_what_jinja_would_say(own: Environment, template: str) -> None:
    app = unconnected_app()
    for language in ("zh", "en", "zh"):
        with app.test_request_context(), speaking(language):
            expected = own.from_string(template).render(day="<2026>")
            assert [app.jinja_env.from_string(template).render(day="<2026>") for _again in range(2)] == [expected] * 2


def test_what_is_spoken_ends_with_its_block() -> None:
    label, name = msg("Overview"), Either("鞍山", "Anshan")
    assert (tongue(), say("Overview")) == ("", "Overview")
    with unconnected_app().test_request_context(headers={"Accept-Language": "en"}):
        with speaking("zh"):
            assert (tongue(), str(label), str(name)) == ("zh", "总览看板", "鞍山")
            with speaking("en"):
                assert (tongue(), str(label), str(name)) == ("en", "Overview", "Anshan")
            assert str(label) == "总览看板"
        assert (tongue(), str(label)) == ("en", "Overview")
    assert (tongue(), str(label)) == ("", "Overview")


def test_what_is_kept_for_a_language_is_in_it_wherever_it_was_said_first() -> None:
    """A context within `speaking` has a language of its own; what is said there stays for all."""
    app, sentence = unconnected_app(), '{{ ngettext("%(num)s day here", "%(num)s days here", 77) }}'
    written = app.jinja_env.from_string("{{ _('Overview') }}: " + sentence)
    for kept in (_said, _ready, _numbered):
        kept.cache_clear()
    with app.test_request_context(headers={"Accept-Language": "zh"}), speaking("en"), app.app_context():
        first = written.render()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert written.render() == first == "Overview: 77 days here"


def test_numbers_that_are_equal_are_not_written_alike() -> None:
    template = '{{ ngettext("%(num)s day here", "%(num)s days here", number) }}'
    with unconnected_app().test_request_context() as context, speaking("en"):
        written = context.app.jinja_env.from_string(template)
        for number in (2, 2.0, Decimal("2.00")):
            assert written.render(number=number) == f"{number} days here"


def test_each_reader_is_spoken_to_in_their_language() -> None:
    client = unconnected_app().test_client()
    for wish, said in (("zh", "时间均为北京时间"), ("en", "Times are Beijing time"), ("zh", "时间均为北京时间")):
        assert said in client.get("/styleguide/problem/404", headers={"Accept-Language": wish}).text
        assert tongue() == ""


def test_scripts_are_told_in_the_readers_language() -> None:
    for language, word in (("zh", "显示全部"), ("en", "Show all")):
        with unconnected_app().test_request_context(), speaking(language):
            assert json.loads(script_texts())["openList"] == word
            assert "'" not in script_texts()
