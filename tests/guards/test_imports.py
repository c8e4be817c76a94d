"""The directions of imports hold, and the check that says so can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registry.core.config import ROOT

LINT = Path(sys.executable).with_name("lint-imports")
BROKEN = {
    "a lower package imports a higher one": ("organisations/models.py", "from registry.agreements import models"),
    "a service imports a view": ("accounts/services/__init__.py", "from registry.accounts import views"),
    "a model imports flask": ("audit/models.py", "from flask import request"),
    "a service imports marshmallow": ("accounts/services/__init__.py", "import marshmallow"),
    "core imports a package": ("core/dates.py", "from registry.jobs import models"),
    "the database imports the web": ("core/db.py", "from registry.core.web import paging"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "registry", folder / "registry", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "setup.cfg", folder)
    return folder


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_tree_is_in_order(tree: Path) -> None:
    found = _lint(tree)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("fault", BROKEN)
def test_a_planted_fault_is_found(tree: Path, fault: str) -> None:
    name, line = BROKEN[fault]
    path = tree / "registry" / name
    before = path.read_text()
    path.write_text(before + f"\n{line}\n")
    found = _lint(tree)
    path.write_text(before)
    assert found.returncode == 1
    assert "BROKEN" in found.stdout


def test_a_package_without_a_place_is_found(tree: Path) -> None:
    stranger = tree / "registry" / "stranger"
    stranger.mkdir()
    (stranger / "__init__.py").write_text("")
    found = _lint(tree)
    shutil.rmtree(stranger)
    assert found.returncode == 1
