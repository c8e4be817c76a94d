"""What the documents say is there: commands, settings, files, links; both languages say the same."""

import re
import subprocess
from pathlib import Path

import pytest

from registry.cli.group import registry
from registry.core.config import ROOT

READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (*READMES, "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE", "instance/README.md")
SETTING = re.compile(r"\bREGISTRY_[A-Z0-9_]+\b")
COMMAND = re.compile(r"`flask registry ([a-z-]+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")
SCRIPT = re.compile(r"\bscript/[a-z_.]+\b")
SETTINGS_FILES = ("registry/core/config.py", "script/serve", "deploy/registry.env")
SCRIPTS = sorted(path for path in (ROOT / "script").iterdir() if path.is_file() and not path.suffix)


def _text(name: str) -> str:
    return (ROOT / name).read_text()


def _settings_read() -> set[str]:
    return set(re.findall(r'"(REGISTRY_[A-Z0-9_]+)"', _text("registry/core/config.py")))


@pytest.mark.parametrize("name", READMES)
def test_every_setting_is_explained(name: str) -> None:
    rows = {
        found for line in _text(name).splitlines() if line.startswith("| `") for found in SETTING.findall(line[:60])
    }
    assert rows == _settings_read()


@pytest.mark.parametrize("name", [*DOCUMENTS, *SETTINGS_FILES])
def test_every_setting_that_is_named_exists(name: str) -> None:
    assert set(SETTING.findall(_text(name))) <= _settings_read()


@pytest.mark.parametrize("name", READMES)
def test_the_commands_are_those_that_exist(name: str) -> None:
    rows = {
        found for line in _text(name).splitlines() if line.startswith("| `flask") for found in COMMAND.findall(line)
    }
    assert rows == set(registry.commands)


@pytest.mark.parametrize("name", registry.commands)
def test_every_command_explains_itself(name: str) -> None:
    assert registry.commands[name].help


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    assert [link for link in LINK.findall(_text(name)) if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_scripts_that_are_named_exist(name: str) -> None:
    assert [script for script in SCRIPT.findall(_text(name)) if not (ROOT / script).exists()] == []


def test_both_readmes_are_built_alike() -> None:
    """The same headings, tables, steps and code, whatever the language."""
    shapes = [re.findall(r"^(#+ |\| `?[\w/.-]+|\d\. |```\w*)", _text(name), flags=re.MULTILINE) for name in READMES]
    headings, rows = zip(*(([s for s in shape if s[0] == "#"], len(shape)) for shape in shapes), strict=True)
    assert headings[0] == headings[1]
    assert abs(rows[0] - rows[1]) <= 7  # rows that begin with a translated word are not matched


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_plain_sh(path: Path) -> None:
    assert path.stat().st_mode & 0o111
    assert path.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n", path], check=True)


def test_the_product_names_no_package_host() -> None:
    """Where packages come from is the machine's business (pip and apt configuration)."""
    names = ["setup.cfg", "requirements.txt", "requirements-test.txt", "requirements-production.txt"]
    texts = [_text(name) for name in names] + [path.read_text() for path in SCRIPTS]
    assert not any(re.search(r"--(extra-)?index-url[ =]|://\S+/simple\b|://\S+/debian\b", text) for text in texts)


def _locked(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+(?:\[[a-z,]+\])?)==(\S+)", _text(name), flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements-test.txt", "requirements-production.txt"])
def test_every_lock_agrees_with_the_first(name: str) -> None:
    """Installing one after another into the same environment changes nothing twice."""
    ours, theirs = _locked("requirements.txt"), _locked(name)
    assert ours
    assert {package: theirs.get(package) for package in ours} == ours


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-test.txt", "requirements-production.txt"])
def test_everything_that_is_installed_has_a_digest(name: str) -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", _text(name))
    packages = [block for block in blocks if "==" in block.splitlines()[0] and not block.startswith("#")]
    assert packages
    assert [block.splitlines()[0] for block in packages if "--hash=sha256:" not in block] == []
