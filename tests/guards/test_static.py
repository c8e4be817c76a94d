"""Our CSS and scripts work on Chromium 109, the last one for Windows 7 and 8.1, and load nothing from elsewhere."""

import re
from pathlib import Path

import pytest

from registry.core.config import ROOT

from .sources import STATIC

# What came after Chromium 109, with the version that brought it.
CSS_TOO_NEW = {
    r"light-dark\(": 123,
    r"color-mix\(": 111,
    r"\bokl(ab|ch)\(": 111,
    r"(?<![-\w])(lab|lch|color)\(": 111,
    r"(?m)^\s*&": 112,  # nesting
    r"@starting-style": 117,
    r"@scope\b": 118,
    r":popover-open|\[popover\]": 114,
    r"text-wrap\s*:": 114,
    r"anchor-name|position-anchor|anchor\(": 125,
    r"subgrid": 117,
    r"animation-timeline|scroll-timeline": 115,
    r"view-transition": 111,
    r"field-sizing": 123,
    r"interpolate-size|calc-size\(": 129,
    r"(?<![-\w])(round|mod|rem|sin|cos|tan|pow|sqrt)\(": 111,
    r"\b\d+(r?lh|rcap|rch|rex|ric)\b": 111,
    r":user-(in)?valid": 119,
    r"scrollbar-(width|color)": 121,
    r"@media[^{]*\bscripting\b": 120,
    r"transition-behavior": 117,
}
SCRIPT_TOO_NEW = {
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.with\(": 110,
    r"Object\.groupBy|Map\.groupBy": 117,
    r"Promise\.withResolvers": 119,
    r"Promise\.try": 128,
    r"Set\.prototype\.union|\.isSubsetOf\(|\.symmetricDifference\(": 122,
    r"\.isWellFormed\(|\.toWellFormed\(": 111,
    r"Array\.fromAsync": 121,
    r"URL\.canParse": 120,
    r"showPopover|togglePopover": 114,
    r"startViewTransition": 111,
    r"Iterator\.from": 122,
    r"\bmoveBefore\(": 133,
}
ELSEWHERE = re.compile(r"(url\(|@import|from|import\()\s*[\"']?(https?:)?//")
EVALUATED = re.compile(r"\beval\(|new Function\(|\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write")


def _files(suffix: str) -> list[Path]:
    return sorted(path for path in STATIC.rglob(f"*{suffix}"))


def _too_new(text: str, features: dict[str, int]) -> dict[str, int]:
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return {feature: version for feature, version in features.items() if re.search(feature, plain)}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", _files(".css"), ids=_name)
def test_styles_are_old_enough(path: Path) -> None:
    assert _too_new(path.read_text(), CSS_TOO_NEW) == {}


@pytest.mark.parametrize("path", _files(".js"), ids=_name)
def test_scripts_are_old_enough(path: Path) -> None:
    assert _too_new(path.read_text(), SCRIPT_TOO_NEW) == {}


@pytest.mark.parametrize("path", _files(".css") + _files(".js"), ids=_name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    assert not ELSEWHERE.search(path.read_text())


@pytest.mark.parametrize("path", _files(".js"), ids=_name)
def test_no_text_becomes_code(path: Path) -> None:
    assert not EVALUATED.search(path.read_text())


@pytest.mark.parametrize(
    "newer", ["a { color: light-dark(#000, #fff) }", "a { & b { color: red } }".replace("{ &", "{\n&")]
)
def test_newer_styles_are_found(newer: str) -> None:
    assert _too_new(newer, CSS_TOO_NEW)
