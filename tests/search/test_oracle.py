"""Random pieces of texts against a look at every row: nothing is missed, nothing else is found, whoever asks."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import text

from registry.accounts.models import User
from registry.core.access.roles import Role
from registry.core.access.scope import set_viewer
from registry.core.db import db, transaction
from registry.search.queries import finding, matching
from registry.search.queries.finding import find
from registry.search.services.keeping import add
from registry.search.sources.base import Source
from registry.search.sources.catalogue import BY_KIND
from registry.search.tokens import folded, wish_of
from tests.factories import make_organisation, make_user

PLACES = ["鞍山", "沈阳", "大连", "西安", "铁岭", "本溪", "Anshan", "Xi'an"]
WORDS = [
    "校地",
    "合作",
    "框架",
    "协议",
    "人才",
    "工作站",
    "大学",
    "工业",
    "招聘",
    "会",
    "(2023)",
    "〔2024〕",
    "1号",
    "12号",
    "ＮＷＰＵ",
    "xbgydx",
    "shenyang",
    "A-1",
    "𠮷",
]
ENTRIES, WISHES = 300, 150


@dataclass(frozen=True)
class Known:
    """What was entered, as the full scan reads it."""

    number: int
    text: str
    readers: frozenset[int]


def enter(dice: random.Random, readers: list[int]) -> list[Known]:
    """Entries whose readers are some of those, numbered from 1."""
    rows, known = [], []
    for number in range(1, ENTRIES + 1):
        head, body = ("".join(dice.choices([*PLACES, *WORDS, " "], k=dice.randint(2, 8))) for _ in range(2))
        seen = dice.sample(readers, dice.randint(0, len(readers)))
        facets = f" {' '.join(f'o{one}' for one in seen)} "
        texts = {"head": f"\n{folded(head)}\n", "body": f"\n{folded(body)}\n", "facets": facets, "number": ""}
        shown = {"title_zh": head, "title_en": "", "parties_zh": "", "parties_en": "", "state": "held"}
        day = date(2023, 1, 1) + timedelta(days=dice.randrange(400))
        other = {"kind": dice.choice(["visit", "task"]), "record_id": number, "public_id": f"{number:026}"}
        rows.append({**texts, **shown, **other, "sort_on": day, "is_demo": False})
        known.append(Known(number, texts["head"] + texts["body"], frozenset(seen)))
    add(rows)
    return known


def wishes(dice: random.Random, known: list[Known]) -> list[str]:
    """Pieces of one text, of two, and of none."""
    found = []
    for _ in range(WISHES):
        pieces = []
        for _ in range(dice.choice([1, 1, 2])):
            whole = dice.choice(known).text.strip()
            start = dice.randrange(len(whole))
            pieces.append(whole[start : start + dice.choice([1, 1, 2, 2, 3, 4, 6, 12])])
        found.append(" ".join(pieces))
    return found


@pytest.fixture
def people(app: Flask) -> list[User]:
    with transaction():
        return [make_user(Role.HANDLER, organisation=make_organisation(f"☆{'★' * one}")) for one in range(3)]


SAMPLED = pytest.param(0, id="sampled", marks=pytest.mark.only("postgresql"))


@pytest.mark.parametrize("limit", [pytest.param(1_000, id="counted"), pytest.param(5, id="walked"), SAMPLED])
def test_nothing_is_missed_and_nothing_else_is_found(
    people: list[User], monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(finding, "LIMIT", limit)
    if not limit:  # every entry is in the sample, and every hit makes its kind a common one
        for name, value in {"LARGE": 0, "SAMPLE": ENTRIES, "FEWEST": 1, "MANY": 1}.items():
            monkeypatch.setattr(matching, name, value)
    # Without records behind them these entries are walked by themselves.
    for kind in ("visit", "task"):
        monkeypatch.setitem(cast("dict[str, Source]", BY_KIND), kind, replace(BY_KIND[kind], seen=None))
    dice = random.Random(2026)  # noqa: S311 - no secret
    with transaction():
        known = enter(dice, [one.organisation_id for one in people])
        db.session.execute(text("ANALYZE"))
    mismatches = []
    for typed in wishes(dice, known):
        reader = dice.choice(people)
        wanted = {one.number for one in known if _fits(one, typed, reader)}
        set_viewer(reader.organisation_id)
        groups = find(reader, wish_of(typed), ENTRIES)
        set_viewer(None)
        found = {int(row.public_id) for group in groups for row in group.rows}
        counts = {group.source.kind: min(group.total, limit + 1) for group in groups}
        if found != wanted or sum(counts.values()) > len(wanted):
            mismatches.append((typed, len(found), len(wanted)))
    assert mismatches == []
    if not limit:
        common = matching.very_common(wish_of("地"), people[0].organisation_id)
        assert sorted(db.session.scalars(common)) == ["task", "visit"]


def _fits(one: Known, typed: str, reader: User) -> bool:
    words = folded(typed).split()
    return bool(words) and reader.organisation_id in one.readers and all(word in one.text for word in words)
