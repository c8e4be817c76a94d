"""Templates: each parses and is used, each macro is used, none needs what the content policy forbids."""

import ast
import re
from functools import cache
from html.parser import HTMLParser

import pytest
from jinja2 import nodes

from .sources import called, modules, templates, unconnected_app

INLINE = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "a script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)"),
    "an event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']"),
    "a javascript address": re.compile(r"javascript:"),
    "something from another site": re.compile(r"(src|href)=[\"']https?://"),
    "unescaped text": re.compile(r"\|\s*safe\b"),
}
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title", "label"}
SILENT = {"script", "style", "code", "kbd", "svg"}
NAMES = {"SHA-256"}  # alike in both languages
NOT_READ = re.compile(r"{% block page_class %}.*?{% endblock %}")
WORDS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
PRINTED = "pdf/"  # goes to the PDF worker, never to a browser
SAMPLES = "styleguide"  # shows every component, so it proves nothing about use


@cache
def _tree(name: str) -> nodes.Template:
    return unconnected_app().jinja_env.parse(templates()[name])


def _referred() -> set[str]:
    """Templates that other templates or the code name; what stands in pdf/ is named without its folder."""
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    found = {
        text.value
        for name in templates()
        for reference in _tree(name).find_all(kinds)
        for text in reference.find_all(nodes.Const)
    }
    patterns = {_pattern(node) for tree in modules().values() for node in ast.walk(tree)} - {""}
    named = {name for name in templates() if any(re.fullmatch(pattern, name) for pattern in patterns)}
    short = {name for name in templates() if name.startswith(PRINTED) and name.removeprefix(PRINTED) in found | named}
    printed = {f"{PRINTED}{pattern}".replace("\\", "") for pattern in patterns}
    return found | named | short | printed


def _pattern(node: ast.AST) -> str:
    """A constant or f-string that ends like a template's name, as a regular expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
        return re.escape(node.value)
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+" for part in node.values]
    return "".join(parts) if parts and parts[-1].endswith(r"\.html") and len(parts[-1]) < 30 else ""


@pytest.mark.parametrize("name", templates())
def test_it_parses(name: str) -> None:
    """Unknown filters and tests are found here too."""
    unconnected_app().jinja_env.compile(templates()[name], name)


@pytest.mark.parametrize("name", templates())
def test_the_content_policy_lets_it_through(name: str) -> None:
    found = [fault for fault, pattern in INLINE.items() if pattern.search(templates()[name])]
    allowed = {"a style element"} if name.startswith(PRINTED) else set()
    assert set(found) <= allowed


def test_every_template_is_used() -> None:
    assert set(templates()) - _referred() == set()


def test_every_macro_is_used() -> None:
    macros = {(name, macro.name) for name in templates() for macro in _tree(name).find_all(nodes.Macro)}
    used = {
        getattr(call.node, "name", None) or getattr(call.node, "attr", None)
        for name in templates()
        if SAMPLES not in name
        for call in _tree(name).find_all(nodes.Call)
    }
    assert macros
    assert {(name, macro) for name, macro in macros if macro not in used} == set()


def test_every_endpoint_that_is_named_exists() -> None:
    named = {
        (name, call.args[0].value)
        for name in templates()
        for call in _tree(name).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for"
        if call.args and isinstance(call.args[0], nodes.Const)
    }
    named |= {
        (path.name, node.args[0].value)
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "url_for"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    known = unconnected_app().view_functions
    assert {(where, endpoint) for where, endpoint in named if endpoint not in known} == set()


class _Reader(HTMLParser):
    """Collects what a person would read; what Jinja fills in is left out before."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        self.read += [value for name, value in attrs if name in SPOKEN and value and WORDS.search(value)]

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in SILENT))

    def handle_data(self, data: str) -> None:
        if not self.silent and WORDS.search(data):
            self.read.append(data.strip())


@pytest.mark.parametrize("name", [name for name in templates() if not name.startswith((PRINTED, SAMPLES))])
def test_every_word_can_be_translated(name: str) -> None:
    """Text stands in `_("…")`; an agreement's own layout (pdf/) is Chinese by its nature."""
    lexed = unconnected_app().jinja_env.lex(NOT_READ.sub("", templates()[name]))
    reader = _Reader()
    reader.feed("".join(text if kind == "data" else "" for _line, kind, text in lexed))
    reader.close()
    assert [text for text in reader.read if text not in NAMES and '="' not in text] == []
