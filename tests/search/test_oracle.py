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
from registry.search.queries import matching, searching
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
    kind: str
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
        known.append(Known(number, str(other["kind"]), texts["head"] + texts["body"], frozenset(seen)))
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


@dataclass(frozen=True)
class Way:
    """How hits are found: limits by name, and up to how many of a kind are shown."""

    limits: dict[str, int]
    most: int = ENTRIES


FIVE = {"FEW": 0, "LIMIT": 5, "SHORT": 5, "COUNTED": 5}
NONE = {"FEW": 0, "LIMIT": 0, "SHORT": 0, "COUNTED": 0, "PROBED": 1}
WAYS = {
    "together": Way({}),
    "apart": Way({"FEW": 0}),
    "walked": Way(FIVE),
    "far": Way(FIVE | {"PROBED": ENTRIES}, 6),
    "sampled": Way(NONE),
}


@pytest.mark.parametrize("name", WAYS)
def test_nothing_is_missed_and_nothing_else_is_found(
    people: list[User], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    way = WAYS[name]
    for one, value in way.limits.items():
        monkeypatch.setattr(searching, one, value)
    if name == "sampled":  # every entry is in the sample, and every hit makes its kind a common one
        for one, value in {"LARGE": 0, "SAMPLE": ENTRIES, "FEWEST": 1, "MANY": 1}.items():
            monkeypatch.setattr(matching, one, value)
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
        for kind in ("visit", "task"):
            wanted = {one.number for one in known if one.kind == kind and _fits(one, typed, reader)}
            found, total = _found(reader, typed, kind)
            is_whole = found == wanted if way.most == ENTRIES else found <= wanted
            if not is_whole or len(found) < min(len(wanted), way.most) or total > len(wanted):
                mismatches.append((typed, kind, len(found), total, len(wanted)))
    assert mismatches == []
    if name == "sampled" and not matching.is_sqlite():
        common = matching.very_common(wish_of("地"), people[0].organisation_id)
        assert sorted(db.session.scalars(common)) == ["task", "visit"]


def _found(reader: User, typed: str, kind: str) -> tuple[set[int], int]:
    """Numbers of what is shown of one kind, and how many it is said to have at least."""
    set_viewer(reader.organisation_id)
    groups = [group for group in find(reader, wish_of(typed), ENTRIES, kind) if group.source.kind == kind]
    set_viewer(None)
    found = [int(row.public_id) for group in groups for row in group.rows]
    assert len(found) == len(set(found))
    return set(found), sum(group.total for group in groups)


def _fits(one: Known, typed: str, reader: User) -> bool:
    words = folded(typed).split()
    return bool(words) and reader.organisation_id in one.readers and all(word in one.text for word in words)
