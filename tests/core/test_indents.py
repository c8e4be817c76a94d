"""Templates lose their indents, and nothing else."""

import pytest

from tests.guards.sources import unconnected_app


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("<p>\n    one\n  two</p>", "<p>\none\ntwo</p>"),
        ("<p>one  \n\t{{ word }}</p>", "<p>one\n a\n  b</p>"),
        ("<textarea>\n{{ word }}</textarea>", "<textarea>\n a\n  b</textarea>"),
        ("<p>\n\n  one</p>", "<p>\n\none</p>"),
        ("<b>one</b> <i>two</i>  ", "<b>one</b> <i>two</i>  "),
        ("{% if true %}\n  one\n{% endif %}", "\none\n"),
        ("{{ '\n  ' }}", "\n  "),
    ],
)
def test_only_spaces_at_line_breaks_go(template: str, written: str) -> None:
    assert unconnected_app().jinja_env.from_string(template).render(word=" a\n  b") == written
