"""Reads a model text: YAML between two lines of dashes, then the Chinese text, then the English one.

A heading is a line `**第一条　合作宗旨** <!-- c:1 -->`; the same key stands beside the English heading. What stands
before the first heading is the opening (key 0). The line of the place of signing at the end belongs to the signature
cells.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from ...core.i18n import Either
from ..models.enums import AgreementKind
from .template import Article, Column, ModelTemplate, TaskModel, Variable, VariableKind

PARTS = re.compile(r"\A---\n(?P<head>.*?)^---\n\s*# 中文文本\n(?P<zh>.*?)^# English text\n(?P<en>.*)\Z", re.S | re.M)
HEADING = re.compile(r"\*\*(?P<heading>.+?)\*\* <!-- c:(?P<key>[\w.]+) -->")
CLOSING = re.compile(r"(签订地点：|Place of signing: )\{\{sign_place\}\}\s*\Z")
OPENING = "0"

Blocks = Mapping[str, tuple[str, str]]


class BadModelText(ValueError):
    """A model text that does not keep the format; only developers see it."""


def read(path: Path) -> ModelTemplate:
    """The model text in a file.

    Raises BadModelText.
    """
    return parse(path.read_text(encoding="utf-8"))


def parse(source: str) -> ModelTemplate:
    """The model text in a string.

    Raises BadModelText.
    """
    parts = PARTS.match(source)
    if not parts:
        raise BadModelText("a model text has a head, a Chinese and an English part")
    head: dict[str, Any] = yaml.safe_load(parts["head"])
    least, most = _bounds(str(head["parties"]))
    return ModelTemplate(
        code=head["template"],
        version=int(head["version"]),
        kind=AgreementKind(head["kind"]),
        title_zh=head["title_zh"],
        title_en=head["title_en"],
        least_parties=least,
        most_parties=most,
        variables=tuple(_variable(name, given) for name, given in head["variables"].items()),
        articles=_articles(_blocks(parts["zh"]), _blocks(parts["en"])),
        columns=tuple(Column(given["key"], _label(given)) for given in head["columns"]),
        tasks=tuple(TaskModel(**given) for given in head["commitments"]),
        party_details=tuple(head.get("party_details", ())),
        copies_each=int(head["copies_each"]),
        term_months=head.get("term_months"),
        needs_last_day=bool(head.get("term_until_day")),
        last_party_is_b=bool(head.get("last_party_is_b")),
        least_rows=int(head.get("least_rows", 0)),
    )


def _bounds(given: str) -> tuple[int, int | None]:
    """2 → 2, 2; 2..n → 2 and more."""
    least, _, most = given.partition("..")
    if most == "n":
        return int(least), None
    return int(least), int(most or least)


def _label(given: Mapping[str, Any]) -> Either:
    return Either(given["zh"], given["en"])


def _variable(name: str, given: Mapping[str, Any]) -> Variable:
    return Variable(
        name=name,
        kind=VariableKind(given["type"]),
        label=_label(given),
        required=bool(given.get("required")),
        derived=bool(given.get("derived")),
        default=str(given.get("default", "")),
        example=given.get("example", ""),
        least=int(given.get("least", 0)),
        most=int(given.get("most", 1_000_000)),
        options={code: _label(label) for code, label in given.get("options", {}).items()},
        translations=given.get("translations", {}),
    )


def _blocks(text: str) -> Blocks:
    """Heading and text by key, in order."""
    found: dict[str, tuple[str, str]] = {}
    key, heading, lines = OPENING, "", list[str]()
    for line in CLOSING.sub("", text).strip().splitlines():
        match = HEADING.fullmatch(line.strip())
        if not match:
            lines.append(line)
            continue
        found[key] = heading, "\n".join(lines).strip()
        key, heading, lines = match["key"], match["heading"], []
        if key in found:
            raise BadModelText(f"two articles have the key {key}")
    return found | {key: (heading, "\n".join(lines).strip())}


def _articles(zh: Blocks, en: Blocks) -> tuple[Article, ...]:
    if list(zh) != list(en):
        raise BadModelText("the Chinese and the English text have different articles")
    return tuple(Article(key, *zh[key], *en[key]) for key in zh)
