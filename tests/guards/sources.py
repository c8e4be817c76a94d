"""What the guards read: the files of the project, parsed once."""

import ast
from functools import cache
from pathlib import Path

from flask import Flask

from registry.app import create_app
from registry.core.config import DEMO_SECRET, ROOT, Settings

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "registry" / "static"


@cache
def unconnected_app() -> Flask:
    """The application with a database that is never opened."""
    return create_app(Settings(DEMO_SECRET, "sqlite://", Path("/nowhere"), demo=True, testing=True))


@cache
def paths() -> list[Path]:
    """The product's Python files."""
    return sorted((ROOT / "registry").rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """One of them."""
    return ast.parse(path.read_text())


def modules() -> dict[Path, ast.Module]:
    """All of them."""
    return {path: parsed(path) for path in paths()}


@cache
def templates() -> dict[str, str]:
    """Template names and their text."""
    return {str(path.relative_to(TEMPLATES)): path.read_text() for path in sorted(TEMPLATES.rglob("*.html"))}


def constants(*names: str) -> set[str]:
    """Text given as the first argument of calls to functions of these names, in the product's Python files."""
    return {
        node.args[0].value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node.args and called(node) in names
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def called(node: ast.Call) -> str:
    """The name of what a call calls, without what stands before the dot."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
