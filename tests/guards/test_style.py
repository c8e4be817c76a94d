"""Functions and files stay small; nothing is imported late."""

import ast
from pathlib import Path
from statistics import median

import pytest

from registry.core.config import ROOT

from .sources import modules, parsed, paths

LONGEST_FUNCTION = 50
MEDIAN_FUNCTION = 10
MEDIAN_FILE = 100
FORBIDDEN_NAMES = {"utils.py", "helpers.py"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.AST) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", paths(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_keeps_the_habits(path: Path) -> None:
    tree = parsed(path)
    too_long = [one.name for one in _functions(tree) if _length(one) > LONGEST_FUNCTION]
    late = [
        f"{one.name}, line {node.lineno}"
        for one in _functions(tree)
        for node in ast.walk(one)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert too_long == []
    assert late == []
    assert path.name not in FORBIDDEN_NAMES


def test_an_init_file_holds_only_words() -> None:
    """Except where a file grew into a folder of the same name, which hands its contents on."""
    packages = [path for path in modules() if path.name == "__init__.py" and path.parent.parent == ROOT / "registry"]
    assert packages
    assert [str(path) for path in packages if not ast.get_docstring(modules()[path])] == []
    assert [str(path) for path in packages if len(modules()[path].body) > 1] == []


def test_functions_and_files_are_small() -> None:
    lengths = [_length(one) for tree in modules().values() for one in _functions(tree)]
    files = [sum(1 for line in path.read_text().splitlines() if line.strip()) for path in modules()]
    assert median(lengths) <= MEDIAN_FUNCTION
    assert median(files) <= MEDIAN_FILE
