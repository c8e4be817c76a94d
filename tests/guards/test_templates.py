"""Templates: each parses and is used, each macro is used, none needs what the content policy forbids."""

import ast
import re

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
PRINTED = "pdf/"  # goes to the PDF worker, never to a browser
SAMPLES = "styleguide"  # shows every component, so it proves nothing about use


def _tree(name: str) -> nodes.Template:
    return unconnected_app().jinja_env.parse(templates()[name])


def _referred() -> set[str]:
    """Templates that other templates or the code name."""
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    found = {
        text.value
        for name in templates()
        for reference in _tree(name).find_all(kinds)
        for text in reference.find_all(nodes.Const)
    }
    texts = {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
    }
    return found | texts


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
